package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"
)

// DefaultTimeout is how long a job may run when its [Worker] does not say. Its context ends then.
const DefaultTimeout = time.Minute

// Job is one piece of work, as a [Worker] gets it.
type Job struct {
	ID   int64
	Kind Kind
	// Args is what was inserted, as JSON.
	Args json.RawMessage
	// Attempt counts from 1; MaxAttempts is the last.
	Attempt     int
	MaxAttempts int
}

// Worker does the jobs of one kind.
type Worker struct {
	Kind Kind
	// Work does the job. An error leads to another attempt later, after 1 s, 16 s, 81 s and so on (the fourth power
	// of the attempt); an error made by [GiveUp] does not.
	Work func(ctx context.Context, job Job) error
	// Timeout is how long one attempt may take; zero is [DefaultTimeout].
	Timeout time.Duration
}

// Handle is a [Worker] whose arguments are decoded into a T. Arguments that do not decode give the job up.
func Handle[T any](kind Kind, work func(ctx context.Context, args T) error) Worker {
	return Worker{Kind: kind, Work: func(ctx context.Context, job Job) error {
		var args T
		if err := json.Unmarshal(job.Args, &args); err != nil {
			return GiveUp(fmt.Errorf("decode the arguments of job %s: %w", kind, err))
		}
		return work(ctx, args)
	}}
}

// GiveUp wraps an error that another attempt cannot mend.
func GiveUp(err error) error { return river.JobCancel(err) }

// Periodic is a job that nobody inserts: it runs once in every interval of the clock (every whole hour, say), on
// whichever replica takes it, and soon after the first start.
type Periodic struct {
	Kind Kind
	// Every is the interval, from a second to a day.
	Every time.Duration
	// Args is encoded as JSON for the worker of Kind; nil is null.
	Args any
}

// Next implements river.PeriodicSchedule: the next whole multiple of the interval.
func (p Periodic) Next(now time.Time) time.Time { return now.Truncate(p.Every).Add(p.Every) }

func (p Periodic) river() (*river.PeriodicJob, error) {
	if p.Every < time.Second || p.Every > 24*time.Hour {
		return nil, fmt.Errorf("periodic job %s: the interval must be from a second to a day, not %s", p.Kind, p.Every)
	}
	encoded, err := json.Marshal(p.Args)
	if err != nil {
		return nil, fmt.Errorf("encode the arguments of job %s: %w", p.Kind, err)
	}
	construct := func() (river.JobArgs, *river.InsertOpts) {
		// Unique by interval, because each new leader among the replicas begins with a run of its own.
		return envelope{kind: p.Kind, Args: encoded}, &river.InsertOpts{UniqueOpts: river.UniqueOpts{ByPeriod: p.Every}}
	}
	return river.NewPeriodicJob(p, construct, &river.PeriodicJobOpts{RunOnStart: true}), nil
}

// adapter is a Worker as River calls it.
type adapter struct {
	river.WorkerDefaults[envelope]
	worker Worker
}

func (a *adapter) Timeout(*river.Job[envelope]) time.Duration {
	if a.worker.Timeout > 0 {
		return a.worker.Timeout
	}
	return DefaultTimeout
}

func (a *adapter) Work(ctx context.Context, job *river.Job[envelope]) error {
	return a.worker.Work(ctx, Job{
		ID: job.ID, Kind: a.worker.Kind, Args: job.Args.Args, Attempt: job.Attempt, MaxAttempts: job.MaxAttempts,
	})
}

func register(workers []Worker) (*river.Workers, map[Kind]bool, error) {
	registered, kinds := river.NewWorkers(), map[Kind]bool{}
	for _, worker := range workers {
		if worker.Kind == "" || worker.Work == nil {
			return nil, nil, errors.New("a job worker needs a kind and a function")
		}
		if kinds[worker.Kind] {
			return nil, nil, fmt.Errorf("two workers for job %s", worker.Kind)
		}
		kinds[worker.Kind] = true
		river.AddWorkerArgs(registered, envelope{kind: worker.Kind}, &adapter{worker: worker})
	}
	return registered, kinds, nil
}
