// How devices come: most by themselves, a Hikvision one when somebody says where it is.
import { announce } from "../../announcer.js";
import { $, setText } from "../../dom.js";
import { t } from "../../words.js";
import { nameOf } from "./device-card.js";
import { openDialog, run } from "./dialogs.js";

export class AddDialog {
  constructor(page) {
    $("add-device").addEventListener("click", () => {
      setText($("add-error"), "");
      $("add-form").reset();
      openDialog("add");
    });
    $("add-form").addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#add(page, event.submitter);
    });
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
}
