import * as v from 'valibot';
import { checkMessage } from '../vscode/messages/check.ts';

/** The extension host as this page sees it. */
export interface Host<Out, State> {
  send(message: Out): void;
  /** What the page kept for itself over being hidden or reloaded: scroll, filter, selection. Never data. */
  readonly saved: State | null;
  save(state: State): void;
}

/** Told to the host at most this often, so that a broken pair of versions does not fill its log. */
const maxComplaints = 10;

/** Connects the page. What does not fit the agreed shape is dropped, and the host is told so. */
export function connect<
  In extends v.GenericSchema,
  Out extends { readonly type: string },
  State extends v.GenericSchema,
>(
  incoming: In,
  kept: State,
  onMessage: (message: v.InferOutput<In>) => void,
): Host<Out | { type: 'rejected'; why: string }, v.InferOutput<State>> {
  const api = acquireVsCodeApi();
  let complaints = 0;
  globalThis.addEventListener('message', (event: MessageEvent<unknown>) => {
    const checked = checkMessage(incoming, event.data);
    if (checked.ok) onMessage(checked.value);
    else if (complaints < maxComplaints) {
      complaints += 1;
      api.postMessage({ type: 'rejected', why: checked.why });
    }
  });
  const saved = v.safeParse(kept, api.getState());
  return {
    send: (message) => {
      api.postMessage(message);
    },
    saved: saved.success ? saved.output : null,
    save: (state) => {
      api.setState(state);
    },
  };
}

/** The page's own words, which the host wrote into it. Without them there is no page, so this throws. */
export function readWords<S extends v.GenericSchema>(schema: S): v.InferOutput<S> {
  return v.parse(schema, JSON.parse(document.body.dataset['words'] ?? 'null'));
}
