/** The main job as a person does it: a goal, its plan, what needs a person on the way, until all of it has landed. */
import type { Workbench } from './workbench.ts';

export type JobOptions = {
  /** Picked from the goals that a rehearsal offers. */
  readonly goal: string;
  readonly beads: number;
  /** Ends the agent that works on this bead once, while it works. */
  readonly kill?: string;
  /** Called with a name when there is something worth a picture. */
  readonly look: (name: string) => Promise<void>;
  readonly say: (line: string) => void;
  readonly limitMs: number;
};

/** What happened, told by what was on screen. */
export type JobReport = {
  readonly permissions: number;
  readonly approvals: number;
  readonly killed: boolean;
  /** The feed told of a red check, and of a conflict. */
  readonly redCheck: boolean;
  readonly conflict: boolean;
};

export async function makePlan(workbench: Workbench, goal: string): Promise<void> {
  await workbench.command('Rigs: Execute Goal…');
  await workbench.quickPick(goal);
  await workbench.editor.tab(/\.rigs\.md$/).waitFor();
  await workbench.page.locator('.codelens-decoration a', { hasText: 'Execute' }).first().waitFor();
}

/** From the goal to merged code; answers what needs a person, until every bead is completed. */
export async function carryGoal(workbench: Workbench, options: JobOptions): Promise<JobReport> {
  const { look, say } = options;
  await makePlan(workbench, options.goal);
  say('The plan is in the editor.');
  await look('plan');
  await workbench.editor.lens('Execute (review before landing)');
  const job = new Job(workbench, options);
  await job.untilLanded();
  await look('landed');
  const feed = await workbench.webview('Feed');
  const told = async (words: RegExp): Promise<boolean> => (await feed.getByText(words).count()) > 0;
  return { ...job.report, redCheck: await told(/check test failed/i), conflict: await told(/conflict/i) };
}

class Job {
  readonly report = { permissions: 0, approvals: 0, killed: false };
  readonly #workbench: Workbench;
  readonly #options: JobOptions;
  readonly #looked = new Set<string>();

  constructor(workbench: Workbench, options: JobOptions) {
    this.#workbench = workbench;
    this.#options = options;
  }

  async untilLanded(): Promise<void> {
    const { beads, limitMs } = this.#options;
    const deadline = Date.now() + limitMs;
    const convoys = this.#workbench.tree('Convoys');
    await convoys.show();
    const whole = `${String(beads)}/${String(beads)}`;
    for (;;) {
      const [convoy] = await convoys.rows();
      if (convoy?.description.includes(whole) === true) return;
      if (Date.now() > deadline)
        throw new Error(`Not all landed in time: ${convoy?.description ?? 'no convoy'}`);
      await this.#answerNeeds();
      await this.#killOnce();
      await this.#workbench.page.waitForTimeout(200);
    }
  }

  async #answerNeeds(): Promise<void> {
    const tree = this.#workbench.tree('Needs You');
    const rows = await tree.rows();
    const [row] = rows;
    if (row === undefined) return;
    if (/check/i.test(row.label) && (await this.#press(row.label, 'Confirm Checks'))) {
      await this.#workbench.quickInput.waitFor();
      await this.#look('confirm-checks');
      await this.#workbench.page.keyboard.press('Enter');
      // On a busy machine it stays a moment, and would be taken for another one.
      await tree.row(row.label).waitFor({ state: 'detached', timeout: 20_000 });
      this.#options.say('Checks confirmed.');
    } else if (await this.#press(row.label, 'Allow', 'permission')) {
      this.report.permissions += 1;
      this.#options.say(`Allowed: ${row.label}`);
    } else if (await this.#press(row.label, 'Approve Landing', 'approval')) {
      this.report.approvals += 1;
      this.#options.say(`Approved: ${row.label}`);
    } else {
      throw new Error(
        `Something needs a person that the job does not know: ${row.label} (${row.description})`,
      );
    }
  }

  /** Presses a row's button if it has it; the row may have gone meanwhile. */
  async #press(label: string, button: string, picture?: string): Promise<boolean> {
    const row = this.#workbench.tree('Needs You').row(label);
    await row.hover({ timeout: 2_000 }).catch(() => undefined);
    const action = row.locator(`a.action-label[aria-label^="${button}"]`);
    if ((await action.count()) === 0) return false;
    if (picture !== undefined) await this.#look(picture);
    await action.click({ timeout: 2_000 }).catch(() => undefined);
    await row.waitFor({ state: 'detached', timeout: 5_000 }).catch(() => undefined);
    // A row that went in the very moment leaves the command without what it is about, and it asks.
    if (button === 'Approve Landing' && (await this.#workbench.quickInput.isVisible()))
      await this.#workbench.page.keyboard.press('Escape');
    return true;
  }

  async #killOnce(): Promise<void> {
    const { kill, say } = this.#options;
    if (kill === undefined || this.report.killed) return;
    const working = (await this.#workbench.tree('Rigs').rows()).find((row) => row.description.includes(kill));
    if (working === undefined || !/working/i.test(working.description)) return;
    await this.#look('working');
    await this.#workbench.tree('Rigs').press(working.label, 'Kill This Agent');
    this.report.killed = true;
    say(`Killed the agent ${working.label} on “${kill}”.`);
    await this.#look('killed');
  }

  async #look(name: string): Promise<void> {
    if (this.#looked.has(name)) return;
    this.#looked.add(name);
    await this.#options.look(name);
  }
}
