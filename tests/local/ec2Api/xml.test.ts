import { strict as assert } from "node:assert";
import { element, type XmlValue } from "../../../local/ec2Api/xml";

describe("EC2's XML", () => {
  const ELEMENTS: [string, XmlValue, string][] = [
    ["a text", "x", "<a>x</a>"],
    ["an empty text, which is there", "", "<a></a>"],
    ["nothing, which is not", undefined, ""],
    ["a number and a truth", { b: 0, c: false }, "<a><b>0</b><c>false</c></a>"],
    ["a time", new Date(0), "<a>1970-01-01T00:00:00.000Z</a>"],
    ["a list", [{ b: 1 }, { b: 2 }], "<a><item><b>1</b></item><item><b>2</b></item></a>"],
    ["an empty list", [], "<a></a>"],
    ["an element without some of its children", { b: undefined, c: "d" }, "<a><c>d</c></a>"],
    ["signs that XML minds", `<b>&amp;"`, `<a>&lt;b&gt;&amp;amp;"</a>`],
    ["characters that XML does not have", "a\u0000b\u001bc\td", "<a>a?b?c\td</a>"],
  ];
  for (const [what, value, text] of ELEMENTS) {
    it(`says ${what}`, () => assert.equal(element("a", value), text));
  }
});
