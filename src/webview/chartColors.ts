import type { DrawnGauge } from '../vscode/messages/tanks.ts';

/** Of the theme, by name; a canvas knows no variables of a style sheet. */
export function themeColor(...names: readonly string[]): string {
  const style = getComputedStyle(document.body);
  for (const name of names) {
    const found = style.getPropertyValue(`--vscode-${name}`).trim();
    if (found !== '') return found;
  }
  return style.color;
}

/** The page's own font, as a canvas takes it. */
export function themeFont(size: number): string {
  return `${String(size)}px ${getComputedStyle(document.body).fontFamily}`;
}

const levels: Readonly<Record<DrawnGauge['level'], readonly string[]>> = {
  green: ['charts-green', 'testing-iconPassed'],
  yellow: ['charts-yellow', 'editorWarning-foreground'],
  red: ['charts-red', 'editorError-foreground'],
  empty: ['charts-red', 'editorError-foreground'],
};

export function levelColor(level: DrawnGauge['level']): string {
  return themeColor(...levels[level]);
}

export function isHighContrast(): boolean {
  return document.body.matches('.vscode-high-contrast, .vscode-high-contrast-light');
}

/** Calls when the editor has put another theme on the page. */
export function onThemeChange(draw: () => void): void {
  const observer = new MutationObserver(draw);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
}
