/** Lit's development build finds mistakes; its notice that it is one is no news in a test. */
(globalThis as { litIssuedWarnings?: Set<string> }).litIssuedWarnings = new Set(["dev-mode"]);
