import fc from "fast-check";
import {
  familiarImageReference,
  formatImageReference,
  ImageReference,
  parseImageReference,
} from "../../../../modules/domain/image/image-reference";

const LOWER = "abcdefghijklmnopqrstuvwxyz0123456789";
const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

const text = (alphabet: string, minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...Array.from(alphabet)), minLength, maxLength });

const component = fc
  .array(fc.tuple(fc.constantFrom(".", "_", "__", "-", "---"), text(LOWER, 1, 6)), { maxLength: 2 })
  .chain((joints) => text(LOWER, 1, 6).map((head) => head + joints.map(([joint, tail]) => joint + tail).join("")));
const repository = (minParts: number) =>
  fc.array(component, { minLength: minParts, maxLength: 4 }).map((parts) => parts.join("/"));

const label = fc.oneof(
  text(LOWER + UPPER, 1, 8),
  fc.tuple(text(LOWER, 1, 3), text(LOWER + UPPER + "-", 0, 3), text(LOWER, 1, 3)).map((parts) => parts.join("")),
);
const port = fc.nat(65535).map((number) => `:${number}`);
// Only what cannot be taken for a namespace of Docker Hub, nor for Docker Hub itself.
const domain = fc.oneof(
  fc.constant("localhost"),
  fc
    .tuple(fc.array(label, { minLength: 2, maxLength: 3 }), fc.oneof(fc.constant(""), port))
    .map(([labels, end]) => labels.join(".") + end),
  fc.tuple(label, port).map((parts) => parts.join("")),
  fc
    .tuple(fc.ipV6(), fc.oneof(fc.constant(""), port))
    .filter(([ip]) => !ip.includes("."))
    .map(([ip, end]) => `[${ip}]${end}`),
);

const tag = fc
  .tuple(text(`${LOWER}${UPPER}_`, 1, 1), text(`${LOWER}${UPPER}_.-`, 0, 127))
  .map((parts) => parts.join(""));
const digest = fc
  .constantFrom<[string, number]>(["sha256", 64], ["sha384", 96], ["sha512", 128])
  .chain(([algorithm, length]) => text("0123456789abcdef", length, length).map((hex) => `${algorithm}:${hex}`));

const reference: fc.Arbitrary<ImageReference> = fc
  .tuple(
    fc.oneof(
      fc.record({ domain: fc.constant("docker.io"), path: repository(2) }),
      fc.record({ domain, path: repository(1) }),
    ),
    fc.record({ tag, digest }, { requiredKeys: [] }),
  )
  .map(([name, suffix]) => ({ ...name, ...suffix }));

describe("image references", () => {
  test("parsing what was printed gives the same reference", () => {
    fc.assert(
      fc.property(reference, (value) => {
        expect(parseImageReference(formatImageReference(value))).toEqual({ reference: value });
      }),
    );
  });

  test("printing what was parsed gives the same text, if the text was written out in full", () => {
    fc.assert(
      fc.property(reference.map(formatImageReference), (full) => {
        const parsed = parseImageReference(full);
        expect("reference" in parsed && formatImageReference(parsed.reference)).toBe(full);
      }),
    );
  });

  test("parsing the familiar form gives the same reference, and the form is never longer", () => {
    fc.assert(
      fc.property(reference, (value) => {
        const familiar = familiarImageReference(value);
        expect(parseImageReference(familiar)).toEqual({ reference: value });
        expect(familiar.length).toBeLessThanOrEqual(formatImageReference(value).length);
      }),
    );
  });

  test("any text at all is either parsed, and then printed and parsed to the same, or refused with a fix", () => {
    const nearly = fc.array(
      fc.constantFrom("a", "B", "0", "/", ":", "@", ".", "_", "-", "[", "]", "docker.io", "sha256:"),
      {
        maxLength: 12,
      },
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          nearly.map((parts) => parts.join("")),
        ),
        (any) => {
          const parsed = parseImageReference(any, ["image"]);
          if ("diagnostics" in parsed) {
            expect(parsed.diagnostics.length).toBeGreaterThan(0);
            expect(parsed.diagnostics.every((problem) => problem.fix !== "" && problem.path[0] === "image")).toBe(true);
          } else {
            expect(parseImageReference(formatImageReference(parsed.reference))).toEqual(parsed);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});
