// Package storagetest is the conformance kit of verify.Storage. It plays the journeys of shoppers and admins through
// verify.Service, so that it shows what a storage must keep, count and lock; every implementation runs it.
package storagetest
