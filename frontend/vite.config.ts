/** Builds the module Home Assistant loads and a file for each other language; the result depends on nothing but the sources and the lock file. */
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** The licences of what is bundled ask to be named wherever it goes. */
const NOTICE = `/*!
Lit, Copyright Google LLC, BSD-3-Clause, https://github.com/lit/lit/blob/main/LICENSE
lean-qr, Copyright David Evans, MIT, https://github.com/davidje13/lean-qr/blob/main/LICENSE
Material Design Icons, Copyright Pictogrammers, Apache-2.0, https://github.com/Templarian/MaterialDesign/blob/master/LICENSE
*/`;

/** Indentation inside html`` and css`` would be shipped to every browser; nowhere does it mean anything. */
const unindent: Plugin = {
  name: "unindent",
  apply: "build",
  transform: (code, id) => (id.includes("/src/") && id.endsWith(".ts") ? code.replace(/^\s+/gm, "") : null),
};

export default defineConfig({
  plugins: [unindent],
  json: { namedExports: false },
  build: {
    target: "es2022",
    outDir: "../custom_components/ev_station/frontend",
    emptyOutDir: false,
    sourcemap: false,
    // Library mode alone would leave the whitespace in.
    rolldownOptions: {
      output: {
        minify: true,
        postBanner: (chunk) => (chunk.isEntry ? NOTICE : ""),
        chunkFileNames: "ev-station-[name].js",
      },
    },
    lib: {
      entry: "src/ev-station-panel.ts",
      formats: ["es"],
      fileName: () => "ev-station-panel.js",
    },
  },
  test: {
    environment: "happy-dom",
    setupFiles: "tests/setup.ts",
    include: ["tests/**/*.test.ts"],
    env: { TZ: "UTC" },
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts"],
      reporter: ["text"],
      thresholds: {
        perFile: true,
        "src/logic/**/*.ts": {
          statements: 100,
          branches: 100,
          functions: 100,
          lines: 100,
        },
      },
    },
  },
});
