/** Words in the reader's language; English where a language is not spoken here. */
import de from "../translations/de.json";
import en from "../translations/en.json";
import fr from "../translations/fr.json";
import nl from "../translations/nl.json";

type Entry = keyof typeof en;
type Single<K> = K extends `${infer Base}_one` ? Base : K extends `${string}_other` ? never : K;

/** A key of the catalogue; plural pairs `x_one`, `x_other` are asked for as `x` with a `count`. */
export type Key = Single<Entry>;
export type Values = Readonly<Record<string, string | number>>;
export type Translate = (key: Key, values?: Values) => string;

type Catalogue = Readonly<Record<string, string>>;

export const catalogues: Readonly<Record<string, Catalogue>> = { en, de, nl, fr };

function fill(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** `language` is a BCP 47 tag; "de-CH" reads German. */
export function translator(language: string): Translate {
  const spoken = language.replace(/-.*/, "");
  const known = catalogues[spoken];
  const catalogue: Catalogue = known ?? en;
  const plural = new Intl.PluralRules(known ? spoken : "en");
  return (key, values = {}) => {
    const { count } = values;
    const form = typeof count === "number" ? catalogue[`${key}_${plural.select(count)}`] : undefined;
    return fill(form ?? catalogue[`${key}_other`] ?? catalogue[key] ?? key, values);
  };
}
