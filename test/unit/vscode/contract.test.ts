import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  commands,
  contexts,
  internalCommands,
  personalSettings,
  planLanguage,
  restrictedSettings,
  rows,
  trees,
  webviews,
} from '../../../src/vscode/contract.ts';
import { settingKeys } from '../../../src/config/settingKeys.ts';
import { settingDefault } from '../../../src/config/settings.ts';

type Item = { readonly command: string; readonly when?: string; readonly group?: string };
interface Manifest {
  readonly contributes: {
    readonly commands: readonly { command: string; title: string; category: string; icon?: string }[];
    readonly views: Record<string, readonly { id: string; type?: string }[]>;
    readonly viewsWelcome: readonly { view: string; contents: string; when: string }[];
    readonly menus: Record<string, readonly Item[]>;
    readonly configuration: { readonly properties: Record<string, { default: unknown; scope: string }> };
    readonly languages: readonly { id: string; configuration: string }[];
    readonly grammars: readonly { path: string }[];
    readonly viewsContainers: Record<string, readonly { icon: string }[]>;
    readonly walkthroughs: readonly {
      readonly steps: readonly {
        description: string;
        when?: string;
        media: { svg: string };
        completionEvents: string[];
      }[];
    }[];
  };
  readonly capabilities: { readonly untrustedWorkspaces: { readonly restrictedConfigurations: string[] } };
  readonly keywords: readonly string[];
  readonly icon: string;
}

const root = join(import.meta.dirname, '..', '..', '..');
const read = (name: string): string => readFileSync(join(root, name), 'utf8');
const text = read('package.json');
const manifest = JSON.parse(text) as Manifest;
const words = JSON.parse(read('package.nls.json')) as Record<string, string>;
const { contributes } = manifest;

const sorted = (values: Iterable<string>): readonly string[] => [...new Set(values)].sort();
const wordOf = (placeholder: string): string => words[placeholder.slice(1, -1)] ?? '';
const menuItems = Object.values(contributes.menus).flat();
const clauses = [
  ...menuItems.map((one) => one.when ?? ''),
  ...contributes.viewsWelcome.map((one) => one.when),
  ...contributes.walkthroughs.flatMap((one) => one.steps.map((step) => step.when ?? '')),
];

describe('The manifest and the contract', () => {
  it('name the same commands', () => {
    deepEqual(sorted(contributes.commands.map((one) => one.command)), sorted(Object.values(commands)));
  });

  it('name the same views, and webviews are the two of the panel', () => {
    const views = Object.values(contributes.views).flat();
    deepEqual(
      sorted(views.map((one) => one.id)),
      sorted([...Object.values(trees), ...Object.values(webviews)]),
    );
    deepEqual(
      sorted(views.filter((one) => one.type === 'webview').map((one) => one.id)),
      sorted(Object.values(webviews)),
    );
    ok(Object.keys(trees).length <= 5);
  });

  it('name the same settings, with the same defaults', () => {
    const { properties } = contributes.configuration;
    deepEqual(sorted(Object.keys(properties)), sorted(settingKeys));
    for (const key of settingKeys) deepEqual(properties[key]?.default, settingDefault(key), key);
  });

  it('let no workspace say which program runs as an agent, with which arguments, who gets code and key, and what is spent', () => {
    const { properties } = contributes.configuration;
    const personal = Object.keys(properties).filter((key) => properties[key]?.scope === 'machine');
    deepEqual(sorted(personal), sorted(personalSettings));
    for (const key of ['rigs.agents.custom', 'rigs.codex.args', 'rigs.providers.openai.baseUrl'])
      ok(personal.includes(key), key);
    // Synced with the person's other settings, and no workspace's either.
    for (const key of ['rigs.maxAgents', 'rigs.budgets', 'rigs.prices'])
      equal(properties[key]?.scope, 'application', key);
  });

  it('restrict the same settings until the workspace is trusted', () => {
    deepEqual(
      sorted(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations),
      sorted(restrictedSettings),
    );
  });

  it('know the same when-keys, and each is used', () => {
    const used = clauses.flatMap((clause) =>
      [...clause.replace(/view == rigs\.\w+/g, '').matchAll(/rigs\.\w+/g)].map(([key]) => key),
    );
    deepEqual(sorted(used), sorted(Object.values(contexts)));
  });

  it('bind menus only to views and rows that exist', () => {
    for (const clause of clauses) {
      for (const [, view = ''] of clause.matchAll(/view == (rigs\.\w+)/g))
        ok(Object.values<string>(trees).includes(view), clause);
      for (const [, kind = ''] of clause.matchAll(/viewItem == (\S+)/g))
        ok(
          rows.some((one) => one === kind),
          clause,
        );
      for (const [, pattern = ''] of clause.matchAll(/viewItem =~ \/\^\((\S+)\)\$\//g))
        for (const kind of pattern.replaceAll('\\.', '.').split('|'))
          ok(
            rows.some((one) => one === kind),
            clause,
          );
    }
  });

  it('use only commands that exist in menus and welcome texts', () => {
    const known = new Set<string>(Object.values(commands));
    for (const { command } of menuItems) ok(known.has(command), command);
    const links = [
      ...contributes.viewsWelcome.map((one) => wordOf(one.contents)),
      ...contributes.walkthroughs.flatMap((one) => one.steps.map((step) => wordOf(step.description))),
    ].flatMap((one) => [...one.matchAll(/\(command:([^)]+)\)/g)].map(([, command = '']) => command));
    for (const link of links) {
      if (link.startsWith('rigs.')) ok(known.has(link) || link === `${trees.needsYou}.focus`, link);
    }
    ok(links.length > 5);
  });

  it('hide from the palette what needs a row, and nothing else for good', () => {
    const hidden = contributes.menus['commandPalette']?.filter((one) => one.when === 'false') ?? [];
    deepEqual(sorted(hidden.map((one) => one.command)), sorted(internalCommands));
  });

  it('have a word for every placeholder, and a placeholder for every word', () => {
    const used = [...text.matchAll(/"%([\w.]+)%"/g)].map(([, key = '']) => key);
    deepEqual(sorted(used), sorted(Object.keys(words)));
    for (const [key, word] of Object.entries(words)) match(word, /\S/, key);
  });

  it('give every command the category, a title in Title Case without a full stop, and inline ones an icon', () => {
    const small = new Set(['to', 'in', 'from', 'and', 'the', 'of', 'with', 'on', 'rigs']); // the command's own name
    for (const { command, title, category } of contributes.commands) {
      equal(wordOf(category), 'Rigs', command);
      const wrong = wordOf(title)
        .split(' ')
        .filter((word, at) => !/^[A-Z]/.test(word) && !(at > 0 && small.has(word)));
      deepEqual(wrong, [], wordOf(title));
      ok(!wordOf(title).endsWith('.'), title);
    }
    const withIcon = new Set(
      contributes.commands.filter((one) => one.icon !== undefined).map((one) => one.command),
    );
    for (const { command, group = '' } of menuItems) {
      if (group.startsWith('inline') || group.startsWith('navigation')) ok(withIcon.has(command), command);
    }
  });

  it('say something in every tree for every state it can be empty in', () => {
    const states = ['workspaceFolderCount == 0', '!isWorkspaceTrusted', contexts.place];
    for (const view of Object.values(trees)) {
      const said = contributes.viewsWelcome.filter((one) => one.view === view).map((one) => one.when);
      for (const state of states)
        ok(
          said.some((when) => when.includes(state)),
          `${view}: ${state}`,
        );
    }
  });

  it('name files that exist', () => {
    const files = [
      manifest.icon,
      ...Object.values(contributes.viewsContainers).flatMap((list) => list.map((one) => one.icon)),
      ...contributes.walkthroughs.flatMap((one) => one.steps.map((step) => step.media.svg)),
      ...contributes.languages.map((one) => one.configuration),
      ...contributes.grammars.map((one) => one.path),
    ];
    for (const file of files) ok(existsSync(join(root, file)), file);
    deepEqual(
      contributes.languages.map((one) => one.id),
      [planLanguage],
    );
  });

  it('keep to the marketplace: one walkthrough of four steps, at most five keywords', () => {
    equal(contributes.walkthroughs.length, 1);
    const steps = contributes.walkthroughs[0]?.steps ?? [];
    // Of a step and its twin for the opposite case, one is there.
    equal(steps.filter((step) => step.when?.startsWith('!') !== true).length, 4);
    const twins = steps.flatMap(({ when }) => (when?.startsWith('!') === true ? [when.slice(1)] : []));
    for (const twin of twins)
      ok(
        steps.some((step) => step.when === twin),
        twin,
      );
    ok(manifest.keywords.length <= 5);
  });
});
