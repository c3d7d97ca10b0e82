// A dictated note: recorded here, or chosen as a file.

import { h } from "./dom.js";
import { t } from "./words.js";

/** Gives the recording as a file, or null when the dialog was left. */
export function dictate() {
  return new Promise((resolve) => {
    const chunks = [];
    let recorder = null;
    let recording = null;
    const state = h("p.muted", { role: "status" }, t("voice.lead"));
    const input = h("input", { type: "file", accept: "audio/*,.m4a,.mp4,.ogg,.oga,.opus,.webm,.wav,.mp3,.aac,.flac", onchange: () => finish(input.files[0]) });
    const button = h("button.primary", { type: "button", onclick: () => (recorder ? recorder.stop() : record()) }, t("voice.record"));
    const finish = (file) => {
      recording = file ?? null;
      dialog.close();
    };
    const record = async () => {
      try {
        recorder = new MediaRecorder(await navigator.mediaDevices.getUserMedia({ audio: true }));
      } catch {
        state.textContent = t("voice.failed");
        return;
      }
      recorder.ondataavailable = (event) => chunks.push(event.data);
      recorder.onstop = () => finish(new File(chunks, "note", { type: recorder.mimeType }));
      recorder.start();
      button.textContent = t("voice.stop");
      state.textContent = t("voice.recording");
    };
    const closed = () => {
      if (recorder) recorder.onstop = null;
      for (const track of recorder?.stream.getTracks() ?? []) track.stop();
      dialog.remove();
      resolve(recording);
    };
    const dialog = h("dialog", { ariaLabel: t("voice.title"), onclose: closed },
      h("div.stack", h("h2", t("voice.title")), state, h("div", button), h("label", t("voice.choose"), input),
        h("div.dialog-buttons", h("button", { type: "button", onclick: () => dialog.close() }, t("cancel")))));
    document.body.append(dialog);
    dialog.showModal();
  });
}
