/** Serves the harness page; the panel itself comes straight from the sources. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

export default defineConfig({
  root: fileURLToPath(new URL("..", import.meta.url)),
  server: { host: "127.0.0.1", open: process.env["CI"] ? false : "/dev/index.html" },
});
