import { describe, expect, test } from "vitest";
import { catalogue, type Key, type Translate, translator } from "../../src/logic/i18n.ts";

const en = await catalogue("en");
const others = await Promise.all(
  ["de", "fr", "nl"].map(async (language) => [language, await catalogue(language)] as const),
);
const read = async (language: string): Promise<Translate> => translator(language, await catalogue(language));
const placeholders = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();

describe.each(others)("%s", (_, words) => {
  test("has the keys of English in the same order", () => {
    expect(Object.keys(words)).toEqual(Object.keys(en));
  });

  test.each(Object.entries(en))("%s keeps its placeholders", (key, text) => {
    expect(placeholders(words[key] ?? "")).toEqual(placeholders(text));
  });

  test("says everything in words of its own", () => {
    const copied = Object.keys(en).filter((key) => en[key] === words[key] && /\s/.test(en[key] ?? ""));
    expect(copied).toEqual(["title"]);
  });
});

test("every plural has all forms the catalogue knows", () => {
  const bases = Object.keys(en).flatMap((key) => (key.endsWith("_one") ? key.slice(0, -"_one".length) : []));
  expect(bases.map((base) => en[`${base}_other`])).not.toContain(undefined);
});

test.each([
  ["de", "Jetzt"],
  ["de-CH", "Jetzt"],
  ["nl", "Nu"],
  ["fr-CA", "Maintenant"],
  ["en-GB", "Now"],
  ["sv", "Now"],
  ["", "Now"],
])("a reader of %o reads %o", async (language, word) => {
  expect((await read(language))("view.now")).toBe(word);
});

test("values are filled in; a missing one stays visible", () => {
  const t = translator();
  expect(t("card.settings", { name: "Garage {name}" })).toBe("Settings of Garage {name}");
  expect(t("card.settings")).toBe("Settings of {name}");
});

test.each([
  ["en", 1, "1 line needs a look. Its mark says why."],
  ["en", 2, "2 lines need a look. Their marks say why."],
  ["fr", 0, "0 ligne est à vérifier. Sa marque dit pourquoi."],
  // French has a form "many" for round millions; "other" serves.
  ["fr", 1_000_000, "1000000 lignes sont à vérifier. Leurs marques disent pourquoi."],
])("%s counts %i", async (language, count, text) => {
  expect((await read(language))("billing.review", { count })).toBe(text);
});

test("a key nobody knows shows itself", () => {
  expect(translator()("nothing.of.the.sort" as Key)).toBe("nothing.of.the.sort");
});
