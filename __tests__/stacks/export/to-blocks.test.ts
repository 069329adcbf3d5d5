import { formatBlocks } from "../../../stacks/export/block";
import { StackBlockTypes } from "../../../stacks/export/block-types";
import { TerraformJson } from "../../../stacks/export/terraform-json";
import { inOrder, toBlocks } from "../../../stacks/export/to-blocks";

function hcl(json: TerraformJson, types: StackBlockTypes = {}): string {
  return formatBlocks(inOrder(toBlocks(json, types)));
}

/** One resource `aws_x.y`. */
function resource(body: TerraformJson, types: StackBlockTypes[string][string] = {}): string {
  const text = hcl({ resource: { aws_x: { y: body } } }, { resource: { aws_x: types } });
  const lines = text.trimEnd().split("\n");
  expect(lines[0]).toMatch(/^resource "aws_x" "y" \{/);
  return lines
    .slice(1, -1)
    .map((line) => line.replace(/^ {2}/, ""))
    .join("\n");
}

describe("an argument", () => {
  test.each([
    ["a text", "b", 'a = "b"'],
    ["a number", 1.5, "a = 1.5"],
    ["null", null, "a = null"],
    ["a reference", "${aws_y.z.arn}", "a = aws_y.z.arn"],
    ["a reference among text", "x-${aws_y.z.id}", 'a = "x-${aws_y.z.id}"'],
    ["two references", "${a.b}${c.d}", 'a = "${a.b}${c.d}"'],
    ["an escaped reference", "$${aws:username}", 'a = "$${aws:username}"'],
    ["a directive", "%{ if var.a }b%{ endif }", 'a = "%{ if var.a }b%{ endif }"'],
    ["a reference without spaces around", "${~ var.a ~}", 'a = "${~ var.a ~}"'],
    ["quotes, a backslash and lines", 'q"\\\n\u0007', 'a = "q\\"\\\\\\n\\u0007"'],
    ["a list", ["b", "${c.d}"], 'a = ["b", c.d]'],
    ["an empty list", [], "a = []"],
    ["an empty map", {}, "a = {}"],
    ["a map", { b: "c", "d e": 1 }, 'a = {\n  b     = "c"\n  "d e" = 1\n}'],
    ["an expression on two lines", "${a.b ||\nc.d}", "a = (a.b ||\nc.d)"],
    ["a call", '${f({"b" = c.d, "e f" = {}})}', 'a = f({ b = c.d, "e f" = {} })'],
    ["an unclosed reference", "${a", 'a = "${a"'],
  ] as [string, TerraformJson[string], string][])("may be %s", (_, value, expected) => {
    expect(resource({ a: value })).toBe(expected);
  });

  test("is not there if it is not set", () => {
    expect(hcl({ resource: { aws_x: { y: { "//": { metadata: {} }, a: undefined } } } })).toBe(
      'resource "aws_x" "y" {}\n',
    );
  });

  test("that is a policy is a document, and any other text of JSON is a text", () => {
    const json = '{"Resource":"${aws_y.z.arn}/*","Id":"$${aws:username}"}';
    expect(resource({ assume_role_policy: json, a: json })).toBe(
      [
        `a = ${JSON.stringify(json)}`,
        "",
        "assume_role_policy = jsonencode({",
        '  Resource = "${aws_y.z.arn}/*"',
        '  Id       = "$${aws:username}"',
        "})",
      ].join("\n"),
    );
  });

  test.each([
    ["not JSON", "{", '"{"'],
    ["a reference", "${data.aws_p.q.json}", "data.aws_p.q.json"],
    ["JSON that a reference is a part of", '{"a":${jsonencode(["b"])}}', '"{\\"a\\":${jsonencode(["b"])}}"'],
    ["a document with a call in a text", '{"a":"${f({"b" = 1})}"}', "jsonencode({\n  a = f({ b = 1 })\n})"],
    ["an empty document", "{}", "jsonencode({})"],
    ["a list", '["a"]', 'jsonencode(["a"])'],
  ])("that is a policy may be %s", (_, policy, expected) => {
    expect(resource({ policy })).toBe(`policy = ${expected}`);
  });
});

describe("a block", () => {
  const types = { rule: { filter: {}, tags: "attribute" }, list: "attribute" } as const;

  test("is what the provider's binding says it is", () => {
    expect(resource({ rule: [{ a: 1, filter: { b: 2 }, tags: { c: 3 } }], list: [{ d: 4 }] }, types)).toBe(
      `list = [
  {
    d = 4
  },
]

rule {
  a = 1

  tags = {
    c = 3
  }

  filter {
    b = 2
  }
}`,
    );
  });

  test("is a list of objects that the binding does not know", () => {
    expect(resource({ newer: [{ a: 1 }, { a: 2 }], other: { a: 1 } })).toBe(
      "other = {\n  a = 1\n}\n\nnewer {\n  a = 1\n}\n\nnewer {\n  a = 2\n}",
    );
  });

  test("may be dynamic", () => {
    const dynamic = { rule: { for_each: "${var.all}", iterator: "one", content: { filter: { b: "${one.value}" } } } };
    expect(resource({ dynamic }, types)).toBe(
      `dynamic "rule" {
  for_each = var.all
  iterator = one

  content {
    filter {
      b = one.value
    }
  }
}`,
    );
  });

  test("has Terraform's own arguments as they must be", () => {
    const lifecycle = { ignore_changes: ["tags", "policy"], replace_triggered_by: ["aws_y.z.arn"] };
    const json = {
      depends_on: ["aws_y.z"],
      provider: "aws.other",
      for_each: "${var.all}",
      lifecycle: { ...lifecycle, prevent_destroy: true, precondition: [{ condition: "${var.a}", error_message: "b" }] },
      timeouts: { create: "5m" },
      provisioner: [{ "local-exec": { command: "x", when: "destroy" } }],
      connection: { type: "ssh" },
    };
    expect(resource(json)).toBe(
      `provider = aws.other
for_each = var.all

lifecycle {
  ignore_changes       = [tags, policy]
  replace_triggered_by = [aws_y.z.arn]
  prevent_destroy      = true

  precondition {
    condition     = var.a
    error_message = "b"
  }
}

timeouts {
  create = "5m"
}

provisioner "local-exec" {
  command = "x"
  when    = destroy
}

connection {
  type = "ssh"
}

depends_on = [aws_y.z]`,
    );
    expect(resource({ lifecycle: { ignore_changes: "all" } })).toBe("lifecycle {\n  ignore_changes = all\n}");
  });
});

test("blocks of the language are written with their references and literal texts", () => {
  expect(
    hcl({
      terraform: {
        required_version: ">= 1.11.0",
        required_providers: { aws: { source: "hashicorp/aws", configuration_aliases: [] } },
        backend: { s3: { bucket: "a${b}", assume_role: { role_arn: "r" } } },
      },
      provider: { aws: [{ region: "a" }, { alias: "b", default_tags: [{ tags: { c: "d" } }] }] },
      variable: {
        v: {
          type: "map(object({a=string}))",
          default: { a: "${not.evaluated}" },
          ephemeral: true,
          validation: [{ condition: '${var.v != ""}', error_message: "no" }],
        },
      },
      locals: { one: [{ a: 1 }] },
      data: { aws_d: { e: { most_recent: true } } },
      ephemeral: { aws_f: { g: { depends_on: ["aws_x.y"] } } },
      module: { m: { source: "./m", providers: { aws: "aws.b" }, a: [{ b: "${local.one}" }] } },
      import: [{ to: "aws_x.y", id: "i-${var.v}", provider: "aws.b" }],
      moved: [{ from: "aws_x.old", to: "aws_x.y" }],
      removed: [{ from: "aws_x.z", lifecycle: { destroy: false } }],
      check: { c: { data: { aws_d: { f: {} } }, assert: [{ condition: "${true}", error_message: "m" }] } },
      output: { o: { value: [{ a: "${aws_x.y.id}" }], description: "a ${literal}", depends_on: ["aws_x.y"] } },
    }),
  ).toBe(`terraform {
  required_version = ">= 1.11.0"

  required_providers {
    aws = {
      source                = "hashicorp/aws"
      configuration_aliases = []
    }
  }

  backend "s3" {
    bucket = "a$\${b}"

    assume_role = {
      role_arn = "r"
    }
  }
}

provider "aws" {
  region = "a"
}

provider "aws" {
  alias = "b"

  default_tags {
    tags = {
      c = "d"
    }
  }
}

variable "v" {
  type      = map(object({ a=string }))
  ephemeral = true

  default = {
    a = "$\${not.evaluated}"
  }

  validation {
    condition     = var.v != ""
    error_message = "no"
  }
}

locals {
  one = [
    {
      a = 1
    },
  ]
}

data "aws_d" "e" {
  most_recent = true
}

ephemeral "aws_f" "g" {
  depends_on = [aws_x.y]
}

module "m" {
  source = "./m"

  providers = {
    aws = aws.b
  }

  a = [
    {
      b = local.one
    },
  ]
}

import {
  to       = aws_x.y
  id       = "i-\${var.v}"
  provider = aws.b
}

moved {
  from = aws_x.old
  to   = aws_x.y
}

removed {
  from = aws_x.z

  lifecycle {
    destroy = false
  }
}

check "c" {
  data "aws_d" "f" {}

  assert {
    condition     = true
    error_message = "m"
  }
}

output "o" {
  description = "a $\${literal}"

  value = [
    {
      a = aws_x.y.id
    },
  ]

  depends_on = [aws_x.y]
}
`);
});

test("a comment above a resource is its description, or what it is for", () => {
  const rule = { ecr_repository_prefix: "quay", upstream_registry_url: "quay.io" };
  const template = { prefix: "${var.prefix}" };
  const text = hcl({
    resource: {
      aws_ecr_pull_through_cache_rule: { a: rule },
      aws_ecr_repository_creation_template: { b: template, c: { prefix: "quay", description: "one\ntwo" } },
      aws_other: { d: {} },
    },
  });
  expect(text.split("\n").filter((line) => /^[#r]/.test(line))).toEqual([
    "# Caches quay.io under quay",
    'resource "aws_ecr_pull_through_cache_rule" "a" {',
    "# The settings of repositories that ECR creates under what Terraform knows",
    'resource "aws_ecr_repository_creation_template" "b" {',
    "# one",
    "# two",
    'resource "aws_ecr_repository_creation_template" "c" {',
    'resource "aws_other" "d" {}',
  ]);
});

test("a block that Terraform's language does not have is refused", () => {
  expect(() => hcl({ wish: {} })).toThrow("blocks of the kind wish cannot be written as HCL");
});
