import * as vscode from 'vscode';
import { goodRules } from '../../config/approvalRules.ts';
import { goodPrices } from '../../config/priceEntries.ts';
import { allBudgets } from '../../config/tankRows.ts';
import type { ForemanSettings, RefinerySettings } from '../../foreman/hands/context.ts';
import type { ApiSettings, Apis, AssayerSettings } from '../../ports/apis.ts';
import type { VendorSettings } from '../../providers/vendor.ts';
import type { CheckDefinition } from '../../town/check.ts';
import { type Routing, defaultRouting } from '../../town/routing.ts';
import { type VendorRunner, vendorSettings } from '../contract.ts';
import type { SettingsReader } from '../settingsReader.ts';

/** What a person's settings say for one rig; read anew at every use. */
export interface RigSettings {
  foreman(): ForemanSettings;
  checks(): readonly CheckDefinition[] | null;
  target(): string | null;
  worktreeRoot(): string | null;
  /** Of the vendors' command lines, by runner. */
  vendors(): Readonly<Record<VendorRunner, VendorSettings>>;
  /** As written, those that are agents; the vendor folder `custom` reads them. */
  customAgents(): readonly unknown[];
  /** Runners a person named, the first of them first. */
  agentOrder(): readonly string[];
  /** Vendors whose models are asked for directly. */
  apis(): Apis;
  assayer(): AssayerSettings;
}

/** Whether the person said yes to a vendor's agents doing everything without asking in this folder. */
export type BypassAllowed = (runner: VendorRunner, scope: vscode.Uri) => boolean;

/** Half an hour: an `npm ci` on a slow line must not fail a bead. */
const setupTimeoutMs = 30 * 60 * 1000;

export function rigSettings(
  reader: SettingsReader,
  folder: string,
  bypassAllowed: BypassAllowed = () => false,
): RigSettings {
  const scope = vscode.Uri.file(folder);
  return {
    foreman: () => {
      const setup = reader.read('rigs.worktree.setup', scope);
      return {
        maxPolecats: reader.read('rigs.maxPolecats', scope),
        routing: routingOf(reader, scope),
        maxAgents: reader.read('rigs.maxAgents', scope),
        budgets: allBudgets(reader.read('rigs.budgets', scope)),
        prices: goodPrices(reader.read('rigs.prices')),
        worktreeSetup: setup === null ? null : { name: 'setup', ...setup, timeoutMs: setupTimeoutMs },
        spareWorktrees: reader.read('rigs.worktree.spares', scope),
        allowedCommands: reader.read('rigs.worker.allow', scope),
        optimize: reader.read('rigs.assayer.optimize', scope),
        inspect: reader.read('rigs.assayer.inspect', scope),
        controlShare: reader.read('rigs.savings.controlShare', scope),
        silentAfterMs: reader.read('rigs.agents.silentAfterSeconds', scope) * 1000,
        share: reader.read('rigs.worktree.share', scope),
        refinery: refineryOf(reader, scope),
      };
    },
    checks: () => reader.read('rigs.checks', scope),
    target: () => orNull(reader.read('rigs.target', scope)),
    worktreeRoot: () => orNull(reader.read('rigs.worktree.root', scope)),
    vendors: () => {
      const of = (runner: VendorRunner): VendorSettings => vendorOf(reader, scope, runner, bypassAllowed);
      return { 'claude-code': of('claude-code'), codex: of('codex'), 'gemini-cli': of('gemini-cli') };
    },
    customAgents: () => reader.read('rigs.agents.custom', scope),
    agentOrder: () => reader.read('rigs.agents.order', scope),
    apis: () => apisOf(reader, scope),
    assayer: () => ({
      backend: reader.read('rigs.assayer.backend', scope),
      models: {
        planner: reader.read('rigs.assayer.plannerModel', scope),
        optimizer: reader.read('rigs.assayer.optimizerModel', scope),
        estimator: reader.read('rigs.assayer.estimatorModel', scope),
        inspector: reader.read('rigs.assayer.inspectorModel', scope),
      },
    }),
  };
}

function refineryOf(reader: SettingsReader, scope: vscode.Uri): RefinerySettings {
  return {
    style: reader.read('rigs.refinery.style', scope),
    slots: reader.read('rigs.refinery.slots', scope),
    everyCommitGreen: reader.read('rigs.refinery.everyCommitGreen', scope),
    landFlaky: reader.read('rigs.refinery.landFlaky', scope),
    editorProblems: reader.read('rigs.refinery.editorProblems', scope) === 'on',
    maxRounds: reader.read('rigs.refinery.maxRetries', scope),
    push: reader.read('rigs.refinery.push'),
    structural: reader.read('rigs.refinery.structuralMerge', scope) === 'auto',
    afterLanding: reader.read('rigs.refinery.afterLanding'),
    autoApprove: goodRules(reader.read('rigs.refinery.autoApprove')),
  };
}

function routingOf(reader: SettingsReader, scope: vscode.Uri): Routing {
  return {
    strategy: reader.read('rigs.routing.strategy', scope),
    affinity: reader.read('rigs.routing.affinity', scope),
    thresholds: { ...defaultRouting.thresholds, ...reader.read('rigs.tanks.thresholds', scope) },
    priceWeight: reader.read('rigs.routing.priceWeight', scope),
    overlap: reader.read('rigs.routing.overlap', scope),
    moveOn: reader.read('rigs.routing.moveOn', scope),
    maxPerModel: reader.read('rigs.routing.maxPerModel', scope),
  };
}

function apisOf(reader: SettingsReader, scope: vscode.Uri): Apis {
  const keyed = (vendor: 'claude' | 'openai' | 'gemini' | 'deepseek'): ApiSettings => ({
    enabled: reader.read(`rigs.providers.${vendor}.enabled`, scope),
    model: reader.read(`rigs.providers.${vendor}.model`, scope),
    baseUrl: orNull(reader.read(`rigs.providers.${vendor}.baseUrl`, scope)),
    apiKeyEnv: reader.read(`rigs.providers.${vendor}.apiKeyEnv`, scope),
  });
  const keyless = (vendor: 'ollama' | 'vscode', baseUrl: string | null): ApiSettings => ({
    enabled: reader.read(`rigs.providers.${vendor}.enabled`, scope),
    model: reader.read(`rigs.providers.${vendor}.model`, scope),
    baseUrl,
    apiKeyEnv: null,
  });
  return {
    vendors: {
      claude: keyed('claude'),
      openai: keyed('openai'),
      gemini: keyed('gemini'),
      deepseek: keyed('deepseek'),
      ollama: keyless('ollama', orNull(reader.read('rigs.providers.ollama.baseUrl', scope))),
      vscode: keyless('vscode', null),
    },
    compatible: reader.read('rigs.providers.compatible', scope),
  };
}

/** A bypass that the person did not confirm is none: their agents ask. */
function vendorOf(
  reader: SettingsReader,
  scope: vscode.Uri,
  runner: VendorRunner,
  bypassAllowed: BypassAllowed,
): VendorSettings {
  const name = vendorSettings[runner];
  const mode = reader.read(`rigs.${name}.mode`, scope);
  return {
    enabled: reader.read(`rigs.${name}.enabled`, scope),
    command: reader.read(`rigs.${name}.command`, scope),
    args: reader.read(`rigs.${name}.args`, scope),
    model: reader.read(`rigs.${name}.model`, scope),
    mode: mode === 'bypass' && !bypassAllowed(runner, scope) ? 'ask' : mode,
  };
}

function orNull(text: string): string | null {
  return text === '' ? null : text;
}
