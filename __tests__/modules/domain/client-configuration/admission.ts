import { CelInput, celMethod, CelScalar, isCelError, isCelList, listType, run } from "@bufbuild/cel";
import { strings } from "@bufbuild/cel/ext";
import { create, createFileRegistry, fromJson, JsonObject, JsonValue } from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";
import {
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FileDescriptorProtoSchema,
  ValueSchema,
} from "@bufbuild/protobuf/wkt";
import { parseAllDocuments } from "yaml";

/** The parts of a `MutatingPolicy` that decide what it does. */
export interface MutatingPolicy {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly matchConstraints: { readonly resourceRules: readonly { operations: string[]; resources: string[] }[] };
    readonly variables: readonly { readonly name: string; readonly expression: string }[];
    readonly mutations: readonly { readonly jsonPatch: { readonly expression: string } }[];
  };
}

export interface JsonPatch {
  readonly op: string;
  readonly path: string;
  readonly value: string;
}

export function readPolicies(yaml: string): MutatingPolicy[] {
  return parseAllDocuments(yaml).map((document) => {
    if (document.errors.length > 0) throw document.errors[0]!;
    return document.toJS() as MutatingPolicy;
  });
}

/** What the policy does to an object, reckoned by an interpreter of CEL with what Kubernetes adds to the language. */
export function admit(policy: MutatingPolicy, object: JsonObject, oldObject: JsonObject | null = null): JsonPatch[] {
  const admission = { object: toCel(object), oldObject: toCel(oldObject) };
  const values = policy.spec.variables.map(({ name, expression }): [string, CelInput] => [
    name,
    evaluate(expression, admission),
  ]);
  const variables = new Map(values);
  return policy.spec.mutations.flatMap(({ jsonPatch }) => {
    const patches = evaluate(jsonPatch.expression, { ...admission, variables });
    if (!isCelList(patches)) throw new Error("a patch must be a list");
    return [...patches].map((patch) => (patch as unknown as { message: JsonPatch }).message).map(toPatch);
  });
}

/** The type that Kubernetes defines for patches. */
const KUBERNETES_TYPES = createFileRegistry(
  create(FileDescriptorProtoSchema, {
    name: "kubernetes.proto",
    syntax: "proto3",
    messageType: [
      {
        name: "JSONPatch",
        field: ["op", "path", "value"].map((name, index) => ({
          name,
          number: index + 1,
          label: FieldDescriptorProto_Label.OPTIONAL,
          type: FieldDescriptorProto_Type.STRING,
        })),
      },
    ],
  }),
  () => undefined,
);

/** @see https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-list-library */
const LIST_INDEX_OF = celMethod("indexOf", listType(CelScalar.DYN), [CelScalar.DYN], CelScalar.INT, function (wanted) {
  return BigInt([...this].indexOf(wanted));
});

function evaluate(expression: string, bindings: Record<string, CelInput>) {
  const result = run(expression, bindings, { registry: KUBERNETES_TYPES, funcs: [...strings, LIST_INDEX_OF] });
  if (isCelError(result)) throw result;
  return result;
}

function toCel(value: JsonValue): CelInput {
  return reflect(ValueSchema, fromJson(ValueSchema, value));
}

function toPatch({ op, path, value }: JsonPatch): JsonPatch {
  return { op, path, value };
}
