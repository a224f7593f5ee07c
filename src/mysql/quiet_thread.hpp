// Regime: C++ (may throw, never calls Postgres)
//
// Threads inside a Postgres backend: every signal is blocked, so that the backend's handlers only ever run in its main
// thread.
#pragma once

#include <functional>
#include <thread>

namespace alkconv::mysql {

// Starts `body`, which must not throw, in a thread that is a member of the client library.
// Raises Error(internal) when the process can have no more threads.
std::thread StartQuietThread(std::function<void()> body);

} // namespace alkconv::mysql
