import { NamespacedRoot } from "./namespaced-root";
import { RecordedHosts } from "./recorded-hosts";
import { Verdicts } from "./verdicts";
export async function checkAdmission(_v: Verdicts, _r: NamespacedRoot, _h: RecordedHosts): Promise<void> {}
