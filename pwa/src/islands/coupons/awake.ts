import { one } from "../../lib/dom";

/** Keep the screen awake as long as a ticket is shown that can be scanned. A hidden page lets go of
 *  the lock by itself. */
export function stayAwake(): void {
  const hold = (): void => {
    if (!document.hidden && one("[data-awake]")) void navigator.wakeLock?.request("screen").catch(() => undefined);
  };
  document.addEventListener("visibilitychange", hold);
  hold();
}
