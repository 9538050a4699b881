import path from "node:path";

import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

const focused = ["describe", "context", "it", "specify"].flatMap((object) =>
  ["only", "skip"].map((property) => ({
    object,
    property,
    message: "A committed test runs, and does not keep others from running.",
  })),
);

export default defineConfig(
  globalIgnores([".venv/", "artifacts/", "cache/", "coverage/", "dist/", "reports/", "**/typechain-types/"]),
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    linterOptions: { reportUnusedDisableDirectives: "error" },
    languageOptions: {
      parserOptions: { project: "./tsconfig.json", tsconfigRootDir: path.resolve(import.meta.dirname) },
    },
    rules: {
      "no-restricted-properties": ["error", ...focused, { object: "Math", property: "random", message: "Use a seed." }],
      "no-console": "off",
      eqeqeq: "error",
      "max-lines": ["error", { max: 500, skipComments: true }],
      complexity: ["error", 15],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/explicit-module-boundary-types": "error",
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    files: ["test/**/*.ts"],
    rules: {
      // A chai assertion is a property read.
      "@typescript-eslint/no-unused-expressions": "off",
    },
  },
);
