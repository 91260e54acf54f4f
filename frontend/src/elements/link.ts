/** Links from one view of the panel to another: they stay inside the page, unless asked for a new tab. */
import { isPlainClick, navigate, viewPath } from "../logic/routing.ts";

export function follow(view: string): (event: MouseEvent) => void {
  return (event) => {
    if (!isPlainClick(event)) return;
    event.preventDefault();
    navigate(viewPath(view));
  };
}
