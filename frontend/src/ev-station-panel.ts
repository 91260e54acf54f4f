/** Entry of the bundle: registers the panel element Home Assistant creates. */
import "./elements/panel.ts";
