/** Bytes of files that are under way, kept on the phone until the server has them: over a lost signal, over a restart.
 * In WeChat a saved file; in a browser a row of IndexedDB. */

/** A file chosen or recorded: in WeChat its path, in a browser the thing itself. */
export type Chosen = string | Blob

// #ifdef H5
const BASE = 'gongyun-files'
const TABLE = 'files'

function opened(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(BASE, 1)
    asked.onupgradeneeded = () => asked.result.createObjectStore(TABLE)
    asked.onsuccess = () => resolve(asked.result)
    asked.onerror = () => reject(asked.error)
  })
}

async function inTable<T>(
  mode: IDBTransactionMode,
  deed: (table: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const base = await opened()
  try {
    return await new Promise<T>((resolve, reject) => {
      const moment = base.transaction(TABLE, mode)
      const asked = deed(moment.objectStore(TABLE))
      moment.oncomplete = () => resolve(asked.result)
      moment.onerror = moment.onabort = () => reject(moment.error)
    })
  } finally {
    base.close()
  }
}
// #endif

/** Keep a file under this id; what to name it by later. Rejects where the phone takes no more. */
export async function keepFile(id: string, file: Chosen): Promise<string> {
  // #ifdef H5
  await inTable('readwrite', (table) => table.put(file, id))
  return id
  // #endif
  // #ifdef MP-WEIXIN
  return new Promise((resolve, reject) =>
    wx.getFileSystemManager().saveFile({
      tempFilePath: file as string,
      success: ({ savedFilePath }) => resolve(savedFilePath),
      fail: ({ errMsg }) => reject(new Error(errMsg)),
    }),
  )
  // #endif
}

/** A piece of it, to be sent: null where the file is gone. In WeChat the path of a small file of its own. */
export async function keptPiece(place: string, start: number, length: number): Promise<Chosen | null> {
  // #ifdef H5
  const found = await inTable<Blob | undefined>('readonly', (table) => table.get(place)).catch(
    () => undefined,
  )
  return found ? found.slice(start, start + length) : null
  // #endif
  // #ifdef MP-WEIXIN
  const files = wx.getFileSystemManager()
  const piece = `${wx.env.USER_DATA_PATH}/piece`
  return new Promise((resolve) =>
    files.readFile({
      filePath: place,
      position: start,
      length,
      success: ({ data }) =>
        files.writeFile({
          filePath: piece,
          data,
          success: () => resolve(piece),
          fail: () => resolve(null),
        }),
      fail: () => resolve(null),
    }),
  )
  // #endif
}

export async function dropFile(place: string): Promise<void> {
  // #ifdef H5
  await inTable('readwrite', (table) => table.delete(place)).catch(() => undefined)
  // #endif
  // #ifdef MP-WEIXIN
  wx.getFileSystemManager().removeSavedFile({ filePath: place, fail: () => undefined })
  // #endif
}

/** Drop all of them. */
export async function dropKeptFiles(): Promise<void> {
  // #ifdef H5
  if (typeof indexedDB !== 'undefined')
    await inTable('readwrite', (table) => table.clear()).catch(() => undefined)
  // #endif
  // #ifdef MP-WEIXIN
  const files = wx.getFileSystemManager()
  files.getSavedFileList({
    success: ({ fileList }) => {
      for (const { filePath } of fileList) files.removeSavedFile({ filePath, fail: () => undefined })
    },
  })
  // #endif
}
