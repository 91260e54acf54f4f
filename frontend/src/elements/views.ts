/** The views of the panel; a new one is a line here and its words. */
import { mdiCalendarClock, mdiEvStation, mdiFileDocumentOutline, mdiFuse } from "@mdi/js";
import { html, type TemplateResult } from "lit";
import type { Key } from "../logic/i18n.ts";
import "./billing-view.ts";
import "./circuits-view.ts";
import type { Context } from "./context.ts";
import "./now-view.ts";
import "./plan-view.ts";

interface View {
  readonly key: string;
  readonly title: Key;
  readonly icon: string;
  readonly render: (context: Context) => TemplateResult;
}

// prettier-ignore
export const VIEWS = [
  { key: "now", title: "view.now", icon: mdiEvStation, render: (c) => html`<ev-now-view .context=${c}></ev-now-view>` },
  { key: "plan", title: "view.plan", icon: mdiCalendarClock, render: (c) => html`<ev-plan-view .context=${c}></ev-plan-view>` },
  { key: "circuits", title: "view.circuits", icon: mdiFuse, render: (c) => html`<ev-circuits-view .context=${c}></ev-circuits-view>` },
  { key: "billing", title: "view.billing", icon: mdiFileDocumentOutline, render: (c) => html`<ev-billing-view .context=${c}></ev-billing-view>` },
] as const satisfies readonly View[];
