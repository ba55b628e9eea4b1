// Settings as the registry holds them, now and after every change.

import type { ISettingRegistry } from '@jupyterlab/settingregistry';

/** Hand a plugin's settings over, and again whenever they change; never where there is no registry. */
export async function follow(
  registry: ISettingRegistry | null,
  id: string,
  take: (settings: Record<string, unknown>) => void,
): Promise<void> {
  try {
    const found = await registry?.load(id);
    if (found) {
      found.changed.connect(() => take(found.composite));
      take(found.composite);
    }
  } catch (error) {
    console.warn(`genart_nb: the settings of ${id} cannot be read; its defaults hold.`, error);
  }
}
