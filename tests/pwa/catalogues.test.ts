import { describe, expect, it } from "vitest";

import { toCatalogue } from "../../pwa/catalogues";

const PO = `msgid ""
msgstr ""
"Language: zh_Hans\\n"

#: pwa/src/lib/notices.tsx
msgid "offline"
msgstr "离线"

#: pwa/templates/errors/offline.html
msgid "Offline"
msgstr "离线"

#: pwa/src/lib/format.ts
#, python-format
msgid ""
"%(n)s \\"points\\" "
"of a long line"
msgstr "%(n)s 分"

#: pwa/src/lib/socket.ts
msgid "not yet"
msgstr ""

#: pwa/src/lib/x.ts
msgid "%(n)s photo"
msgid_plural "%(n)s photos"
msgstr[0] "%(n)s 张"

#~ msgid "gone"
#~ msgstr "没了"
`;

describe("the catalogue for TypeScript", () => {
  it("holds what TypeScript says and is translated, and nothing else", () => {
    const { "": header, ...sentences } = toCatalogue(PO);
    expect(header).toMatchObject({ domain: "leitai" });
    expect(sentences).toEqual({
      offline: ["离线"],
      '%(n)s "points" of a long line': ["%(n)s 分"],
      "%(n)s photo": ["%(n)s 张"],
    });
  });
});
