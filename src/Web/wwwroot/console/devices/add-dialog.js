// How devices come: most by themselves, a Hikvision one when somebody says where it is, or gets a path to post to.
import { announce } from "../../announcer.js";
import { $, setText, show } from "../../dom.js";
import { t } from "../../words.js";
import { nameOf } from "./device-card.js";
import { openDialog, run } from "./dialogs.js";

function forget() {
  setText($("push-path"), "");
  show($("push-result"), false);
}

export class AddDialog {
  constructor(page) {
    $("add-device").addEventListener("click", () => {
      for (const id of ["add-error", "push-error"])
        setText($(id), "");
      $("add-form").reset();
      $("push-form").reset();
      forget();
      openDialog("add");
    });
    $("add-form").addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#add(page, event.submitter);
    });
    $("push-form").addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#makePath(page, event.submitter);
    });
    // The path is a secret: once the dialog is closed nobody reads it.
    $("add").addEventListener("close", forget);
  }

  async #add(page, button) {
    const device = { address: $("add-address").value.trim(), name: $("add-name").value.trim(), user: $("add-user").value, password: $("add-password").value };
    let added = null;
    const done = await run(button, "add-error", async () => {
      added = await page.api.addDevice(device);
    });
    if (!done)
      return;
    $("add-password").value = "";
    $("add").close();
    announce(t("doors.added", { name: nameOf(added) }));
    await page.refresh();
  }

  async #makePath(page, button) {
    const device = { serial: $("push-serial").value.trim(), name: $("push-name").value.trim() };
    const done = await run(button, "push-error", async () => {
      const { pushPath } = await page.api.addDevice(device);
      setText($("push-path"), pushPath);
    });
    show($("push-result"), done);
    if (!done)
      return;
    $("push-form").reset();
    $("push-result").scrollIntoView({ block: "nearest" });
    await page.refresh();
  }
}
