import assert from 'node:assert/strict';
import { vendors } from '../../../src/providers/vendors.ts';
import { vendorSettings } from '../../../src/vscode/contract.ts';

const words = (line: string): readonly string[] => line.split(' ');

const cases: Readonly<
  Record<string, { readonly loud: readonly string[]; readonly quiet: readonly string[] }>
> = {
  'claude-code': {
    loud: [
      '--verbose --dangerously-skip-permissions',
      '--allow-dangerously-skip-permissions',
      '--permission-mode bypassPermissions',
      '--permission-mode=bypassPermissions',
      '--permission-mode auto',
      '--permission-mode=auto --verbose',
    ],
    quiet: ['--verbose', '--permission-mode plan', '--permission-mode=acceptEdits', '--permission-mode'],
  },
  codex: {
    loud: [
      '--dangerously-bypass-approvals-and-sandbox',
      '--search --yolo',
      '--approve-for-me',
      '-a never',
      '-a=never',
      '-anever',
      '--ask-for-approval never',
      '--ask-for-approval=never',
      '-s danger-full-access',
      '-sdanger-full-access',
      '--sandbox=danger-full-access',
      '-c approval_policy=never',
      '-c approval_policy="never"',
      "-c approval_policy='never'",
      '-capproval_policy=never',
      '--config=sandbox_mode="danger-full-access"',
      '--config profiles.x.sandbox_mode=danger-full-access',
      '-c profiles={x={approval_policy="never"}}',
      '-c approvals_reviewer=auto_review',
      '-c default_permissions=":danger-full-access"',
    ],
    quiet: [
      '-a on-request',
      '-s read-only',
      '--sandbox workspace-write',
      '-c approval_policy=on-request',
      '-c model=never',
      '-m never',
      '--search',
    ],
  },
  'gemini-cli': {
    loud: [
      '--yolo',
      '-y',
      '-dy',
      '--yolo=true',
      '--approval-mode yolo',
      '--approval-mode=yolo',
      '--approvalMode=yolo',
    ],
    quiet: [
      '--yolo=false',
      '-d',
      '--approval-mode auto_edit',
      '--policy yolo',
      '-m gemini-y',
      '--sandbox-yes',
    ],
  },
};

for (const { runner, name, bypasses, section } of vendors) {
  describe(`Arguments for ${name}`, () => {
    for (const line of cases[runner]?.loud ?? []) {
      it(`take its questions away: ${line}`, () => {
        assert.equal(bypasses(words(line)), true);
      });
    }

    for (const line of cases[runner]?.quiet ?? []) {
      it(`leave its questions: ${line}`, () => {
        assert.equal(bypasses(words(line)), false);
      });
    }

    it('are set where Rigs says they are', () => {
      assert.equal(section, `rigs.${vendorSettings[runner as keyof typeof vendorSettings]}`);
    });
  });
}
