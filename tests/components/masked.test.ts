/** Passwords, tokens, keys and their hashes in what is shown of a guest's files. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { MASK, masked, maskedLines } from "../../components/masked";
import { shown, visibleValue } from "../../components/visible";
import { unifiedDiff } from "../../converter/guest/edit";

/** Where a secret stands: `%` is its place. */
const PLACES: [what: string, line: string][] = [
  ["the options of a mount", "//nas/data /mnt cifs username=bob,password=%,uid=0 0 0"],
  ["the same as the first of them, in a diff", "+//nas/data /mnt cifs password=%,nofail 0 0"],
  ["a mount command", "mount -t cifs //nas/data /mnt -o user=bob,pass=%,ro"],
  ["a user name of Samba's", "//nas/data /mnt smbfs username=bob%%,ro 0 0"],
  ["GRUB's menu", "password %"],
  ["the same with another menu behind it", " password % /boot/grub/admin.lst"],
  ["the same as an MD5", "-password --md5 %"],
  ["the same as GRUB 0.97 of Red Hat's has it", "password --encrypted %"],
  ["the same within a sentence", "line 3: password --md5 %; line 4: title Linux"],
  ["GRUB's menu, with a sign of equality", "password=%"],
  ["GRUB 2's menu", "password alice %"],
  ["GRUB 2's menu, hashed", "password_pbkdf2 alice %"],
  ["a setting of a shell", "DB_PASSWORD=%"],
  ["the same that is exported", "export MYSQL_PWD=% ; /usr/bin/dump /dev/sdb"],
  ["the same in quotes", 'BACKUP_SECRET="%"'],
  ["the same in single quotes", "api_key='%'"],
  ["a setting with blanks", "auth_token = %"],
  ["a setting of YAML", "  smtp-password: %"],
  ["JSON", '{ "disk": "/dev/sdb", "dbPassword": "%", "size": 3 }'],
  ["JSON in a text", String.raw`x "{\"token\": \"%\"}"`],
  ["Ruby and Puppet", "password => '%',"],
  ["XML", "<password>%</password>"],
  ["LDAP's settings", "bindpw %"],
  ["Redis' settings", "requirepass %"],
  ["ipsec.secrets", ': PSK "%"'],
  ["a key of BIND's", 'key x { secret "%"; };'],
  ["netrc", "machine a login b password %"],
  ["a secret key of AWS", "aws_secret_access_key = %"],
  ["an account key of Azure", "AccountName=a;AccountKey=%"],
  ["a program's long option", "/usr/bin/backup --device /dev/sdb --password=%"],
  ["the same behind a blank", "gpg --batch --passphrase % -c /dev/sdb"],
  ["mysqldump", "mysqldump -u root -p% db > /dev/sdb"],
  ["mysql with a quoted one", `mysql -p"%" db`],
  ["sshpass", "sshpass -p % ssh a cat /dev/sdb"],
  ["ldapsearch", "ldapsearch -x -w % -b dc=a"],
  ["redis-cli", "redis-cli -a % save"],
  ["curl", "curl -u bob:% -T /dev/sdb ftp://a/"],
  ["chpasswd", "echo root:% | chpasswd"],
  ["the address of a proxy", "http_proxy=http://bob:%@proxy:3128/"],
  ["an address without its scheme", "//bob:%@nas/data /mnt smbfs ro 0 0"],
  ["a header", "curl -H 'Authorization: Bearer %' -T /dev/sdb https://a/"],
];

/** Secrets that are known by their own form, wherever they stand. */
const KNOWN: [what: string, secret: string][] = [
  ["a hash of MD5", "$1$Jx8sBz$Ek2S9fLrWd1lY.aPq0Tn41"],
  ["a hash of SHA-512", "$6$rounds=5000$saltsalt$Ek2S9fLrWd1lY.aPq0Tn41/aaaaaaaaaaaaaaaaaaaaaaa"],
  ["a hash of bcrypt", "$2y$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy"],
  ["a hash of yescrypt", "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7"],
  ["a hash of GRUB 2's", "grub.pbkdf2.sha512.10000.4E1C0B29.9B7D1A2F"],
  ["a hash of LDAP's", "{SSHA}Zm9vYmFyYmF6cXV4"],
  ["an access key of AWS", "AKIAIOSFODNN7EXAMPLE"],
  ["a token of GitHub's", "ghp_0123456789abcdefghijABCDEFGHIJ012345"],
  ["a JSON web token", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P"],
];

const SAME = [
  "LABEL=/ / ext3 defaults 1 1",
  "//nas/data /mnt cifs credentials=/root/.smb,uid=0 0 0",
  "kernel /boot/vmlinuz-2.6.18-xen ro root=/dev/sda1 console=hvc0 crashkernel=128M KEYTABLE=us intel_iommu=on",
  "initrd /boot/initrd.img",
  "mkdir -p /mnt && mount /dev/sdb /mnt",
  "co:2345:respawn:/sbin/getty 38400 hvc0",
  "root:x:0:0:root:/root:/bin/bash",
  "Pass 1: Checking inodes, blocks, and sizes",
  'awk "{ print $1$2$3 }" /dev/sdb',
  "ssh git@example.org:a/b",
  "deb http://mirror:3142/debian wheezy main",
  "@@ -1,7 +1,7 @@",
  "3f5a0b9c1d2e4f60718293a4b5c6d7e8f90123456789abcdef0123456789abcd",
  "source.connection.privateKey: must be a key",
];

const KEY = [
  "-----BEGIN RSA PRIVATE KEY-----",
  "Proc-Type: 4,ENCRYPTED",
  "",
  "MIIEpAIBAAKCAQEA7bq0Cw5m2yXc3hC1vPj0cJr5oJ6H8yG5wX0Z1eQ4u9aBcDeF",
  "Zm9vYmFy==",
  "-----END RSA PRIVATE KEY-----",
];

/** What a shell takes for one word, and what no rule has for an end. */
const unquoted = fc.stringMatching(/^[A-Za-z0-9!#^*()_+{}|~.-]{8,24}$/);

const put = (line: string, secret: string) => {
  const at = line.lastIndexOf("%");
  return line.slice(0, at) + secret + line.slice(at + 1);
};

describe("the secrets in a text that is shown", () => {
  for (const [what, line] of PLACES) {
    it(`are masked, whatever they are: in ${what}`, () => {
      fc.assert(
        fc.property(unquoted, fc.constantFrom("", "/usr/bin/x ", "\t"), (secret, before) => {
          // Words that a shell or a parser of options would cut are no one word.
          fc.pre(!/^[-|(){}#]/.test(secret) && !line.includes(secret));
          const text =
            (/^[ +-]?[\w<{:]/.test(line) && !/^[ +-]?pass|^bindpw|^require/.test(line) ? before : "") +
            put(line, secret);
          const result = masked(text);
          assert.ok(!result.includes(secret), result);
          assert.ok(result.includes(MASK), result);
          assert.equal(masked(result), result);
        }),
        { numRuns: 100 },
      );
    });
  }

  for (const [what, secret] of KNOWN) {
    it(`are known by their own form: ${what}`, () => {
      for (const text of [
        secret,
        `a ${secret} b`,
        `x="${secret}"`,
        `bob:${secret}:17000:0:99999:7:::`,
        `+${secret}`,
      ])
        assert.ok(!masked(text).includes(secret), masked(text));
    });
  }

  for (const text of SAME) it(`are none in ${JSON.stringify(text)}`, () => assert.equal(masked(text), text));

  it("leave what is beside them as it is", () => {
    assert.equal(
      masked("+//nas/data /mnt cifs username=bob,password=hunter2,nofail 0 0"),
      `+//nas/data /mnt cifs username=bob,password=${MASK},nofail 0 0`,
    );
    assert.equal(masked('{ "password": "hunter2", "size": 3 }'), `{ "password": "${MASK}", "size": 3 }`);
    assert.equal(masked("http://bob:hunter2@proxy:3128/a"), `http://bob:${MASK}@proxy:3128/a`);
    assert.equal(masked("password --md5 $1$abc$defghijkl"), `password --md5 ${MASK}`);
  });

  it("are a private key's lines, of which a diff may show the end, the middle or the beginning alone", () => {
    const secrets = [KEY[1], KEY[3], KEY[4]];
    const pieces = [KEY, KEY.slice(0, 4), KEY.slice(4), KEY.slice(3), [KEY[3]]];
    for (const sign of ["", " ", "+", "-"]) {
      for (const piece of pieces) {
        const lines = [`${sign}before it`, ...piece.map((line) => sign + line), `${sign}behind it: all`];
        const result = maskedLines(lines);
        assert.equal(result.length, lines.length);
        assert.deepEqual(
          secrets.filter((secret) => result.join("\n").includes(secret)),
          [],
          result.join("\n"),
        );
        assert.deepEqual([result[0], result.at(-1)], [lines[0], lines.at(-1)]);
        assert.deepEqual(maskedLines(result), result);
      }
    }
    const onOneLine = `KEY="${KEY.join("\\n")}"`;
    assert.ok(!masked(onOneLine).includes(KEY[4]), masked(onOneLine));
  });

  it("are seen as changed in a diff of which they are all the change", () => {
    const before = "timeout 5\npassword --md5 $1$aaaaaaaa$aaaaaaaaaaaaaaaa\ntitle a\n";
    const lines = maskedLines(unifiedDiff("/m", before, before.replace(/a{16}/, "b".repeat(16))));
    assert.deepEqual(
      lines.filter((line) => /^[+-]\w/.test(line)),
      [`-password --md5 ${MASK}`, `+password --md5 ${MASK}`],
    );
  });

  it("are masked in every text of a value, lists of lines taken as one text", () => {
    assert.deepEqual(
      visibleValue({ a: ["x", { found: "token=abcdefgh" }], diff: [" password=abcdefgh", ...KEY] }),
      {
        a: ["x", { found: `token=${MASK}` }],
        diff: [` password=${MASK}`, KEY[0], MASK, "", MASK, MASK, KEY[5]],
      },
    );
  });

  it("are the same after a second time, with what is not seen between them", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const once = shown(text);
        assert.equal(shown(once), once);
        assert.equal(once.split("\n").length, text.split("\n").length);
      }),
      { numRuns: 3000 },
    );
  });

  it("are looked for in a time that grows with the text and not with its square", function () {
    this.timeout(20_000);
    const pieces = [
      "a.",
      "-",
      "/",
      '"',
      "'",
      '\\"',
      "password ",
      "password=",
      "eyJ-",
      "$1$",
      "<token",
      "login a ",
      "a.password= ",
      " ",
      "://a:",
      "user=%",
    ];
    for (const piece of pieces) masked(piece.repeat(200_000 / piece.length));
  });
});

const anyText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...[
          "password",
          "=",
          ": ",
          " ",
          "\n",
          '"',
          "'",
          "\\",
          ",",
          ";",
          "--md5 ",
          "token",
          "://",
          "@",
          ":",
          "$1$abcdefghij",
        ],
        ...[
          "-----BEGIN RSA PRIVATE KEY-----",
          "-----END RSA PRIVATE KEY-----",
          "Zm9vYmFy",
          "+",
          "-",
          "<{%",
          "##[",
          "::",
        ],
        ...[
          "\u200b",
          "\r",
          "mysql -p",
          "secret",
          "<token>",
          "root:",
          "/mnt cifs ",
          "0 0",
          "AKIAIOSFODNN7EXAMPLE",
          MASK,
        ],
      ),
      fc.string({ maxLength: 5 }),
    ),
    { maxLength: 14 },
  )
  .map((pieces) => pieces.join(""));
