/** What is true of every task; the task itself comes with its frame. */
export const systemPrompt = `You work in a git worktree, the current folder of all your tools. Paths are relative to it. "run" starts one program with its arguments and knows no shell. Look before you change, change in small steps, and check what you did. Say in a sentence or two what you do and why: a person may be reading along, and what they type reaches you between your steps. Finish with "done".`;

export const nudge =
  'You ended your turn without using a tool. If the task is finished, call "done"; if not, go on; if something stands in your way, call "done" and say in its summary what you need.';

export const cutOff = 'Your answer was cut off at its limit. Go on from there, in smaller pieces.';

/** Before what a person typed into the terminal. */
export const typedBefore = 'The person who watches typed: ';
