/** Photos and papers, chosen by the person. A photo comes out as a JPEG of a size that can be read and sent. */
import { ApiError } from '@/api/errors'
import type { Chosen } from './kept-files'

export interface ChosenFile {
  file: Chosen
  name: string
  size: number
}

/** Long side of a photo: a page of small print can still be read. */
const LONGEST = 2400
const QUALITY = 0.85

/** Photos from the camera or the album, none where nothing was chosen. Throws ApiError for one that cannot be opened. */
export async function choosePhotos(from: 'camera' | 'album'): Promise<ChosenFile[]> {
  // #ifdef H5
  const found = await picked('image/*', from === 'camera')
  return Promise.all(found.map(asJpeg))
  // #endif
  // #ifdef MP-WEIXIN
  const taken = await new Promise<string[]>((resolve) =>
    wx.chooseMedia({
      count: 9,
      mediaType: ['image'],
      sizeType: ['compressed'],
      sourceType: [from],
      success: ({ tempFiles }) => resolve(tempFiles.map((each) => each.tempFilePath)),
      fail: () => resolve([]),
    }),
  )
  return Promise.all(taken.map(compressed))
  // #endif
}

/** A PDF (in a browser a recording too), none where nothing was chosen. In WeChat it comes out of a chat. */
export async function chooseFile(ending: 'pdf' | 'voice'): Promise<ChosenFile[]> {
  // #ifdef H5
  const found = await picked(ending === 'pdf' ? 'application/pdf,.pdf' : 'audio/*,.mp3,.m4a,.amr', false)
  return found.map((file) => ({ file, name: file.name, size: file.size }))
  // #endif
  // #ifdef MP-WEIXIN
  return new Promise((resolve) =>
    wx.chooseMessageFile({
      count: 5,
      type: 'file',
      extension: ending === 'pdf' ? ['pdf'] : ['mp3', 'm4a', 'amr'],
      success: ({ tempFiles }) =>
        resolve(tempFiles.map(({ path, name, size }) => ({ file: path, name, size }))),
      fail: () => resolve([]),
    }),
  )
  // #endif
}

// #ifdef H5
function picked(accept: string, isCamera: boolean): Promise<File[]> {
  const input = document.createElement('input')
  Object.assign(input, { type: 'file', accept, multiple: !isCamera })
  if (isCamera) input.setAttribute('capture', 'environment')
  return new Promise((resolve) => {
    input.onchange = () => resolve([...(input.files ?? [])])
    input.oncancel = () => resolve([])
    input.click()
  })
}

/** Drawn anew: whatever the phone's own format is, and without what it wrote into the picture. Throws ApiError. */
async function asJpeg(photo: File): Promise<ChosenFile> {
  const picture = await shown(photo)
  const scale = Math.min(1, LONGEST / Math.max(picture.naturalWidth, picture.naturalHeight))
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(picture.naturalWidth * scale)
  canvas.height = Math.round(picture.naturalHeight * scale)
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
  const file = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY))
  if (!file) throw unreadable()
  return { file, name: photo.name.replace(/\.\w+$/, '') + '.jpg', size: file.size }
}

function shown(photo: File): Promise<HTMLImageElement> {
  const address = URL.createObjectURL(photo)
  const picture = new Image()
  return new Promise<HTMLImageElement>((resolve, reject) => {
    picture.onload = () => resolve(picture)
    picture.onerror = () => reject(unreadable())
    picture.src = address
  }).finally(() => URL.revokeObjectURL(address))
}

function unreadable(): ApiError {
  return new ApiError({
    code: 'client.photo_unreadable',
    detail: '这张照片打不开',
    next_step: '请现在拍一张，或者在相册里截个屏再选',
  })
}
// #endif

// #ifdef MP-WEIXIN
/** WeChat makes a JPEG of it; where it does not, the photo goes as it is, and the server looks at it. */
async function compressed(path: string, index: number): Promise<ChosenFile> {
  const file = await new Promise<string>((resolve) =>
    wx.compressImage({
      src: path,
      quality: QUALITY * 100,
      compressedWidth: LONGEST,
      success: ({ tempFilePath }) => resolve(tempFilePath),
      fail: () => resolve(path),
    }),
  )
  return { file, name: `照片${index + 1}.jpg`, size: await sizeOf(file) }
}

export function sizeOf(path: string): Promise<number> {
  return new Promise((resolve, reject) =>
    wx.getFileSystemManager().getFileInfo({
      filePath: path,
      success: ({ size }) => resolve(size),
      fail: () => reject(new ApiError({ code: 'client.photo_unreadable', detail: '文件打不开，请再选一次' })),
    }),
  )
}
// #endif
