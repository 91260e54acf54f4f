/** Strict, type-aware rules; Lit templates may never take raw HTML. */
import js from "@eslint/js";
import { configs as lit } from "eslint-plugin-lit";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
  { ignores: ["coverage/", "node_modules/", "shots/"] },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  lit["flat/recommended"],
  {
    languageOptions: {
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/unbound-method": "off",
      "no-restricted-imports": [
        "error",
        {
          paths: ["lit/directives/unsafe-html.js", "lit/directives/unsafe-svg.js", "lit/static-html.js"],
        },
      ],
    },
  },
  {
    files: ["**/*.js", "**/*.mjs"],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      globals: { console: false, document: false, innerWidth: false, process: false, URLSearchParams: false },
    },
  },
  {
    files: ["tests/**"],
    // Home Assistant rejects with plain objects and numbers.
    rules: { "@typescript-eslint/prefer-promise-reject-errors": "off" },
  },
  {
    files: ["src/logic/**"],
    rules: {
      "no-restricted-imports": ["error", { patterns: ["lit", "lit/*", "../elements/*"] }],
    },
  },
);
