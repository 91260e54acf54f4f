/** Words in the reader's language; English where a language is not spoken here. */
import en from "../translations/en.json";

type Entry = keyof typeof en;
type Single<K> = K extends `${infer Base}_one` ? Base : K extends `${string}_other` ? never : K;

/** A key of the catalogue; plural pairs `x_one`, `x_other` are asked for as `x` with a `count`. */
export type Key = Single<Entry>;
export type Values = Readonly<Record<string, string | number>>;
export type Translate = (key: Key, values?: Values) => string;

export type Catalogue = Readonly<Record<string, string>>;

/** Fetched when somebody reads the language; English comes with the panel. */
const ELSEWHERE: Readonly<Record<string, () => Promise<{ readonly default: Catalogue }>>> = {
  de: () => import("../translations/de.json"),
  fr: () => import("../translations/fr.json"),
  nl: () => import("../translations/nl.json"),
};

const spoken = (language: string): string => language.replace(/-.*/, "");

/** The words of a language, given as BCP 47 tag ("de-CH" reads German); rejects if they cannot be fetched. */
export async function catalogue(language: string): Promise<Catalogue> {
  const load = ELSEWHERE[spoken(language)];
  return load ? (await load()).default : en;
}

function fill(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** Speaks a language with the words of its catalogue. */
export function translator(language = "en", words: Catalogue = en): Translate {
  const plural = new Intl.PluralRules(words === en ? "en" : spoken(language));
  return (key, values = {}) => {
    const { count } = values;
    const form = typeof count === "number" ? words[`${key}_${plural.select(count)}`] : undefined;
    return fill(form ?? words[`${key}_other`] ?? words[key] ?? key, values);
  };
}
