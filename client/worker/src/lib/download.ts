/** A file of the API's, handed to the person: saved by the browser, or in WeChat sent on to a chat. */
import { ApiError, noAnswer, strangeAnswer } from '@/api/errors'
import { accessToken } from '@/api/tokens'
import { apiBase } from '@/api/transport'

const LONGEST_MS = 60_000

/** Throws ApiError. */
export async function download(path: string, name: string): Promise<void> {
  const header = { Authorization: `Bearer ${await accessToken()}` }
  // #ifdef H5
  const bytes = await new Promise<ArrayBuffer>((resolve, reject) => {
    uni.request({
      url: apiBase() + path,
      header,
      responseType: 'arraybuffer',
      timeout: LONGEST_MS,
      success: ({ statusCode, data }) =>
        statusCode === 200 ? resolve(data as ArrayBuffer) : reject(strangeAnswer(statusCode)),
      fail: () => reject(noAnswer()),
    })
  })
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([bytes]))
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
  // #endif
  // #ifdef MP-WEIXIN
  const filePath = await new Promise<string>((resolve, reject) => {
    uni.downloadFile({
      url: apiBase() + path,
      header,
      timeout: LONGEST_MS,
      success: ({ statusCode, tempFilePath }) =>
        statusCode === 200 ? resolve(tempFilePath) : reject(strangeAnswer(statusCode)),
      fail: () => reject(noAnswer()),
    })
  })
  await new Promise<void>((resolve, reject) => {
    wx.shareFileMessage({
      filePath,
      fileName: name,
      success: () => resolve(),
      fail: () =>
        reject(new ApiError({ detail: '没有发送出去', next_step: '请再点一次下载，选一个聊天收文件' })),
    })
  })
  // #endif
}
