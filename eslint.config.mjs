import pulumi from "@pulumi/eslint-plugin";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

// Imports run one way: a folder may import from itself and from those after it. `policies` reads plans alone.
const ORDER = ["cli", "probes", "engine", "stacks", "gates", "components", "plan"];

/** Folders that a folder must not import. Findings of policies are shown by verbs and engines alone. */
function outOfReach(folder) {
  if (folder === "policies") return [...ORDER.filter((name) => name !== "plan"), "test"];
  const judging = folder === "cli" || folder === "engine";
  return [...ORDER.slice(0, ORDER.indexOf(folder)), ...(judging ? [] : ["policies"]), "test"];
}

const upwards = (folders) => `^(\\.\\./)+(${folders.join("|")})/`;
const ONE_WAY = `Imports run one way: ${ORDER.join(" → ")}; and policies → plan.`;

// Components are functions of their arguments, so that equal configurations give equal plans.
const OUTSIDE = ["fs", "fs/promises", "child_process", "os", "net", "http", "https", "process", "worker_threads"];
const noOutside = OUTSIDE.flatMap((name) => [name, `node:${name}`]).map((name) => ({
  name,
  message: "Components never read files, processes or the network; stacks/inputs.ts does, once.",
}));
const noClocks = [
  [
    "MemberExpression[object.name='process'][property.name=/^(env|argv|cwd|hrtime|platform)$/]",
    "Components never read the process; stacks/inputs.ts does, once.",
  ],
  [
    "NewExpression[callee.name='Date'][arguments.length=0]",
    "Components never read the clock; take the time as an argument.",
  ],
  [
    "MemberExpression[object.name='Date'][property.name='now']",
    "Components never read the clock; take the time as an argument.",
  ],
  [
    "MemberExpression[object.name='Math'][property.name='random']",
    "A plan is the same every time; secrets come from @pulumi/random.",
  ],
  ["NewExpression[callee.property.name='Config']", "Components never read configuration; stacks/config.ts does."],
];

// Sections replace each other's restrictions of syntax, so each that adds some repeats these.
const everywhere = [
  [
    "CallExpression[callee.property.name='apply'] NewExpression:not([callee.property.name=/Error$/]):not([callee.name=/(Error|Fault|Map|Set|Date|URL)$/])",
    "Create resources outside apply: a preview can't see them.",
  ],
  [
    "CallExpression[callee.property.name='apply'] CallExpression[callee.name='expect']",
    "Await the value, then expect: in an apply this assertion can't fail the test.",
  ],
];
const syntax = (rules) => ["error", ...rules.map(([selector, message]) => ({ selector, message }))];

export default defineConfig(
  { ignores: ["node_modules/", "coverage/", ".platform/", "evidence/", "test-results/"] },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },

  // Every source: types are checked where they tell something, one concept is one file.
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { "@pulumi": pulumi },
    rules: {
      // An Output in a template literal prints what it is, not what it holds.
      "@pulumi/no-output-in-template-literal": "error",
      "@pulumi/no-output-instance-in-template-literal": "error",
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      eqeqeq: "error",
      "max-lines": ["error", { max: 250 }],
      "no-restricted-syntax": syntax(everywhere),
    },
  },

  // Folders: who may import whom. A dynamic import is an import.
  ...[...ORDER, "policies"].map((folder) => ({
    files: [`${folder}/**/*.ts`],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          paths: folder === "components" || folder === "plan" ? noOutside : [],
          patterns: [
            { regex: upwards(outOfReach(folder)), message: ONE_WAY },
            { regex: "^\\.\\./index\\.ts$", message: "index.ts is Pulumi's entry; import stacks/program.ts." },
          ],
        },
      ],
      "no-restricted-syntax": syntax([
        ...everywhere,
        ...(folder === "components" || folder === "plan" ? noClocks : []),
        [`ImportExpression[source.value=/${upwards(outOfReach(folder)).replaceAll("/", "\\u002F")}/]`, ONE_WAY],
      ]),
    },
  })),
  {
    files: ["index.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            { regex: "^(?!\\./stacks/program\\.ts$)", message: "Pulumi's entry imports stacks/program.ts alone." },
          ],
        },
      ],
    },
  },
);
