package project

import (
	"errors"
	"path/filepath"
	"syscall"
	"testing"
)

// A real disk that is full: all that was safe is there, the rest is in memory, and
// is safe once there is room.
func TestSmallDisk(t *testing.T) {
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=96k"); err != nil {
		t.Skipf("only root may mount a small disk: %v", err)
	}
	defer func() {
		if err := syscall.Unmount(disk, 0); err != nil {
			t.Error(err)
		}
	}()
	dir := filepath.Join(disk, "p")
	o := testOptions(Disk{})
	s, p, st, _ := keep(t, o, dir)
	e := newEditor(s, 12)
	e.kept(st)
	for n := 0; st.Status().Err == nil; n++ {
		if n == 5000 {
			t.Fatal("the disk is never full")
		}
		e.act()
		_ = st.Flush()
	}
	if err := st.Status().Err; !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("with a full disk the reason is %v", err)
	}
	for range 20 {
		e.act()
	}
	safe := len(e.steps) - st.Status().Behind
	if state, step, report := recovered(t, Disk{}, dir); step < safe || state != e.after(t, step) {
		t.Errorf("on the full disk %d steps are there, %d were safe: %q", step, safe, report.Damage)
	}
	if err := syscall.Mount("tmpfs", disk, "tmpfs", syscall.MS_REMOUNT, "size=16m"); err != nil {
		t.Fatal(err)
	}
	state := s.State()
	if err := st.Close(&state); err != nil {
		t.Fatal(err)
	}
	p.Close()
	if state, step, report := recovered(t, Disk{}, dir); step != len(e.steps) || state != canonical(s) {
		t.Errorf("with room again %d steps of %d are there: %q", step, len(e.steps), report.Damage)
	}
}
