/** Names for what the API answers, as pages use them. */
import type { Whole } from './client'
import type { components } from './schema'

type Schemas = components['schemas']
export type View<Name extends keyof Schemas> = Whole<Schemas[Name]>

export type AnnouncementView = View<'AnnouncementView'>
export type BookingLine = View<'BookingLine'>
export type BookingReceipt = View<'BookingReceipt'>
export type BookingState = BookingLine['state']
export type CheckInView = View<'CheckInView'>
export type ClassLine = View<'ClassLine'>
export type ClassState = ClassLine['state']
export type ClassView = View<'ClassView'>
export type ConsentView = View<'ConsentView'>
export type LessonAttended = View<'LessonAttendedLine'>
export type LessonMode = View<'LessonView'>['mode']
export type MeView = View<'MeView'>
export type MessageView = View<'MessageView'>
export type MyTrainingLine = View<'MyTrainingLine'>
export type Reason = View<'ReasonView'>
export type ReferenceView = View<'ReferenceView'>
