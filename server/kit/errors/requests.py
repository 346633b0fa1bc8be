"""What any request may be refused for, and what the ledger refuses."""

from server.kit.errors.refusal import Refusal
from server.kit.i18n import counted, lazy

REQUESTS: dict[str, Refusal] = {
    # requests
    "not_found": Refusal(404, lazy("This page is not here. Go back, or start from Today.")),
    "not_allowed": Refusal(
        403, lazy("This is for other roles. Ask your administrator if you need it.")
    ),
    "sign_in_first": Refusal(401, lazy("Sign in to go on.")),
    "somebody_else": Refusal(
        401, lazy("Somebody else is signed in here. It is sent once you are.")
    ),
    "foreign_origin": Refusal(
        403,
        lazy("This came from another site and was not carried out. Open the page again and retry."),
    ),
    "malformed": Refusal(
        400, lazy("Something is missing or mistyped. Check the fields and send again.")
    ),
    "too_large": Refusal(413, lazy("The file is too large: 10 MB at most. Choose a smaller one.")),
    "method_not_allowed": Refusal(405, lazy("This page can't do that. Go back and try again.")),
    "try_again": Refusal(
        503, lazy("The server is busy for a moment. Nothing was lost: send again.")
    ),
    "internal": Refusal(
        500, lazy("Something went wrong on our side. Nothing was changed; try again.")
    ),
    "idempotency_key_missing": Refusal(
        400, lazy("The request has no Idempotency-Key. Send one with each write.")
    ),
    "idempotency_mismatch": Refusal(
        422, lazy("This form was already sent with other content. Open it again to send a new one.")
    ),
    "still_running": Refusal(409, lazy("Your first tap is still being handled. Wait a moment.")),
    # ledger
    "amount_too_large": Refusal(
        422, lazy("This amount is larger than a ledger keeps. Check the figures of the plan.")
    ),
    "not_covered": Refusal(409, lazy("There is not enough in the wallet for this.")),
    # people
    "code_refused": Refusal(
        401, lazy("This code is wrong or too old. Check it, or ask for a new one.")
    ),
    "code_sent_today": Refusal(
        429, lazy("No more codes today. Sign in with your passcode, or ask for an invite.")
    ),
    "code_too_soon": Refusal(429, lazy("A code is on its way. Wait a minute before the next.")),
    "file_unreadable": Refusal(422, lazy("%(path)s can't be read: %(reason)s.")),
    "invite_spent": Refusal(
        410, lazy("This invite was used or is too old. Ask your administrator for a new one.")
    ),
    "key_file_broken": Refusal(
        503, lazy("%(path)s can't be read as a key file. Put its backup in its place.")
    ),
    "key_file_open": Refusal(503, lazy("Others can read %(path)s. Type: chmod 600 %(path)s")),
    "last_administrator": Refusal(
        409, lazy("Somebody has to administer. Make a colleague administrator first.")
    ),
    "old_passcode_wrong": Refusal(
        401, lazy("The current passcode is wrong. If you lost it, sign in with a code first.")
    ),
    "passcode_length": Refusal(
        422, lazy("A passcode has %(least)s to %(most)s characters. Choose one of that length.")
    ),
    "passcodes_differ": Refusal(
        422, lazy("The two passcodes are not the same. Type the new one twice.")
    ),
    "people_faults": Refusal(
        422,
        counted(
            "Nothing was imported. Mend the line listed, and send again.",
            "Nothing was imported. Mend each of the %(count)s lines listed, and send again.",
            "count",
        ),
    ),
    "person_inactive": Refusal(
        409, lazy("This person no longer takes part. Let them in again first.")
    ),
    "person_unknown": Refusal(404, lazy("There is no such person. Choose one of the list.")),
    "phone_sealed_elsewhere": Refusal(
        409, lazy("This phone doesn't open with the present key file. Restore its backup.")
    ),
    "phone_unreadable": Refusal(
        422,
        lazy("Enter 11 digits, or begin with +886, +852 or +853 for Taiwan, Hong Kong and Macau."),
    ),
    "role_unknown": Refusal(422, lazy("There is no such role. Choose among those listed.")),
    "sheet_refused": Refusal(
        422, lazy("This file can't be read as a table. Save it as CSV or XLSX and send it again.")
    ),
    "sign_in_refused": Refusal(
        401, lazy("The staff number or the passcode is wrong. Check both, or use a one-time code.")
    ),
    "store_unknown": Refusal(404, lazy("There is no such store. Choose one of the list.")),
    "too_many_tries": Refusal(
        429, lazy("Too many tries. Wait %(minutes)s minutes, or use a one-time code.")
    ),
    # push
    "push_keys_unreadable": Refusal(
        422, lazy("This browser's keys can't be read. Turn it on again.")
    ),
    "push_service_unknown": Refusal(
        422, lazy("We don't know the service that would wake this phone. Use the inbox.")
    ),
    "robot_address_wrong": Refusal(
        422,
        lazy("Copy the whole address from WeCom: it begins with https://qyapi.weixin.qq.com."),
    ),
    "unit_unknown": Refusal(404, lazy("There is no such unit. Choose one of the list.")),
    # demo
    "company_is_real": Refusal(
        409,
        lazy("This database holds a company that is no demo. Name an empty one in DATABASE_URL."),
    ),
    "database_refuses": Refusal(
        503, lazy("The database can't be used: %(fault)s. Check DATABASE_URL, or unset it.")
    ),
    "port_taken": Refusal(
        409,
        lazy("Port %(port)s is taken, or not for this user. Type: PORT=%(free)s make demo"),
    ),
    "reset_of_a_named_database": Refusal(
        409,
        lazy(
            "DATABASE_URL is set, and only the demo's own database is ever emptied. "
            "Unset it and try again."
        ),
    ),
}
