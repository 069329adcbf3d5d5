import { parse } from "@cdktf/hcl2json";
import fc from "fast-check";
import { formatBlocks } from "../../../stacks/export/block";
import { JsonValue } from "../../../stacks/export/terraform-json";
import { splitTemplate } from "../../../stacks/export/template";
import { inOrder, toBlocks } from "../../../stacks/export/to-blocks";

// Expressions as `terraform fmt` writes them: others would come back with other spaces.
const expression = fc.constantFrom(
  "var.name",
  "aws_kms_key.registry_key_52CBB013.arn",
  'data.aws_x.y["a}b"].c',
  'jsonencode({ user = var.user, "a b" = "x ${var.y} }" })',
  'merge({}, { a = "{" })',
);
/** HCL brings strings into the normal form NFC, and JSON in Terraform the same. */
const text = fc.string({ unit: "grapheme" }).map((one) => one.normalize("NFC"));
const literal = text.map((one) => one.replace(/[$%](?=\{)/g, "$&$&").replace(/[$%]+$/, ""));
const template = fc
  .array(
    fc.oneof(
      literal,
      expression.map((one) => `\${${one}}`),
    ),
    { maxLength: 4 },
  )
  .map((parts) => parts.join(""));
const key = fc.oneof(fc.constantFrom("a", "for", "null", "if", "a-b", "a b", "aws:PrincipalArn", "1", "//"), literal);
const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    template,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(key, tie("value"), { maxKeys: 4, noNullPrototype: true }).map((all) => all),
  ),
}));

test("every value comes back from the HCL parser as it was", async () => {
  await fc.assert(
    fc.asyncProperty(value, async (one) => {
      const hcl = formatBlocks(inOrder(toBlocks({ locals: { one } }, {})));
      expect(await parse("main.tf", hcl)).toEqual({ locals: [{ one }] });
    }),
    { numRuns: 300 },
  );
});

test("every string that is not a template comes back as text", async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(text, template), async (description) => {
      const hcl = formatBlocks(inOrder(toBlocks({ variable: { one: { default: description } } }, {})));
      const escaped = description.replace(/[$%](?=\{)/g, "$&$&");
      expect(await parse("main.tf", hcl)).toEqual({ variable: { one: [{ default: escaped }] } });
    }),
    { numRuns: 200 },
  );
});

test("a template is cut into parts that are all of it", () => {
  fc.assert(
    fc.property(fc.oneof(template, fc.string(), fc.stringMatching(/^[${}%"\\ab]*$/)), (one) => {
      expect(
        splitTemplate(one)
          .map((part) => part.text)
          .join(""),
      ).toBe(one);
    }),
  );
});
