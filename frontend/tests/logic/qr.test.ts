import { expect, test } from "vitest";
import { qrCode } from "../../src/logic/qr.ts";

/** The dark modules of a path, as text. */
function drawn(text: string): { size: number; rows: string[] } {
  const { size, path } = qrCode(text);
  const grid = Array.from({ length: size }, () => Array.from({ length: size }, () => " "));
  for (const [, x, y] of path.matchAll(/M(\d+) (\d+)h1v1h-1z/g)) {
    const row = grid[Number(y)];
    if (row) row[Number(x)] = "#";
  }
  return { size, rows: grid.map((row) => row.join("")) };
}

test("a short address gives a small code with a white margin of four modules", () => {
  const { size, rows } = drawn("ws://192.168.1.20:9000/");
  expect(size).toBe(25 + 2 * 4);
  for (const row of [...rows.slice(0, 4), ...rows.slice(-4)]) expect(row.trim()).toBe("");
  for (const row of rows) expect(row.slice(0, 4) + row.slice(-4)).toBe("        ");
});

test("three corners carry the finder pattern", () => {
  const { rows } = drawn("ws://192.168.1.20:9000/");
  const corner = (x: number, y: number): string[] => rows.slice(y, y + 7).map((row) => row.slice(x, x + 7));
  const finder = ["#######", "#     #", "# ### #", "# ### #", "# ### #", "#     #", "#######"];
  expect([corner(4, 4), corner(22, 4), corner(4, 22)]).toEqual([finder, finder, finder]);
});
