import tseslint from "typescript-eslint";

const BARREL = {
  regex: "^@cdktf/provider-aws(/lib)?(/index(\\.js)?)?$",
  message: "Import one resource, e.g. @cdktf/provider-aws/lib/ecr-registry-policy: the barrel costs 3 s and 500 MB.",
};
const DEEP = { group: ["cdktf/lib/**"], message: 'Import from "cdktf": its inner files differ between engines.' };
const FRAMEWORK = {
  group: ["cdktf", "cdktf/**", "@cdktf/**", "constructs", "node:*", "fs", "path"],
  message: "The domain is pure: constructs may know it, it may not know them.",
};
const OUTSIDE_DOMAIN = { message: FRAMEWORK.message };
const LAYERS = [
  "basics",
  "naming",
  "policy",
  "lifecycle",
  "template",
  "cache",
  "registry",
  "plan",
  "words",
  "image",
  "form",
  "checks",
  "client-configuration",
];
const DEEP_IN_DOMAIN = { group: ["../*/*"], message: "Import the folder: its index exports what other folders use." };
const OUTWARD = {
  group: ["**/stacks", "**/stacks/**", "**/commands", "**/commands/**", "**/operations", "**/operations/**", "**/main"],
  message: "Modules know ECR and no environment.",
};

const restrict = (...patterns) => ({ "no-restricted-imports": ["error", { patterns }] });

export default tseslint.config(
  {
    ignores: [
      "bench/out/",
      "bench/cases/synth-aws-cdk.ts",
      "cdktf.out/",
      "dist/",
      "node_modules/",
      "**/*.js",
      "**/*.mjs",
    ],
  },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      ...restrict(BARREL, DEEP),
      eqeqeq: "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      // Constructs put themselves into the tree: `new` for that alone is how CDKTF is written.
      "no-new": "off",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // The checks also serve JavaScript and YAML users, to whom the types promise nothing.
      "@typescript-eslint/no-unnecessary-condition": "off",
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
    },
  },
  // One function makes safe what is printed.
  { files: ["commands/**/*.ts", "main.ts"], rules: { "no-console": "error" } },
  { files: ["modules/**/*.ts"], rules: restrict(BARREL, DEEP, OUTWARD) },
  { files: ["modules/domain/*.ts"], rules: restrict(FRAMEWORK, { ...OUTSIDE_DOMAIN, group: ["../**"] }) },
  ...LAYERS.map((layer, index) => ({
    files: [`modules/domain/${layer}/**/*.ts`],
    rules: restrict(FRAMEWORK, { ...OUTSIDE_DOMAIN, group: ["../../**"] }, DEEP_IN_DOMAIN, {
      regex: `^\\.\\.(?:/(?:index|${LAYERS.slice(index + 1).join("|")}))?$`,
      message: `Folders of the domain import from those below them: ${LAYERS.slice(0, index).join(", ")}.`,
    }),
  })),
  {
    files: ["__tests__/**/*.ts"],
    rules: {
      ...restrict(BARREL),
      // Jest's matchers (expect.anything() and the like) and parsed documents are `any`.
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
    },
  },
);
