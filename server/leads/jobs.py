"""What the clock causes in leads: messages to customers, late reviews, protections that end."""

from server.kit import jobs
from server.leads import consent, reviewing, watching

LATE = "lead_review_sweep"
FREE = "lead_watch_sweep"

JOBS: dict[str, jobs.Job] = {
    consent.MESSAGE: consent.send_message,
    LATE: reviewing.sweep,
    FREE: watching.sweep,
}
CRON = {LATE: "* * * * *", FREE: "* * * * *"}
