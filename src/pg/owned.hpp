// Regime: Postgres (may longjmp, never throws)
//
// C++ objects owned by a memory context: constructed in its memory, destroyed by its reset callback on success and on error alike.
// Destructors of such objects are noexcept, make no Postgres call and are quick: they run while a transaction aborts.
#pragma once

#include "pg/boundary.hpp"

#include <new>
#include <utility>

namespace alkconv::pg {

namespace detail {
template <class T>
struct OwnedCell {
	MemoryContextCallback callback;
	alignas(T) unsigned char object[sizeof(T)];
};
} // namespace detail

// Constructs the result of `make()` in `context`, where the object needs a factory; otherwise like own.
template <class T, class Make>
T *own_from(MemoryContext context, Make make) {
	static_assert(alignof(T) <= MAXIMUM_ALIGNOF, "palloc aligns to MAXALIGN only");
	static_assert(std::is_nothrow_destructible_v<T>, "destructors that run while a transaction aborts must not fail");
	static_assert(std::is_trivially_destructible_v<Make>, "capture by reference only");
	// may ereport: nothing is constructed yet
	auto *cell = static_cast<detail::OwnedCell<T> *>(MemoryContextAlloc(context, sizeof(detail::OwnedCell<T>)));
	edge([&] { new (cell->object) T(make()); });
	T *object = std::launder(reinterpret_cast<T *>(cell->object));
	cell->callback.func = [](void *argument) { static_cast<T *>(argument)->~T(); };
	cell->callback.arg = object;
	MemoryContextRegisterResetCallback(context, &cell->callback); // never fails: it links a struct we allocated
	return object;
}

// Constructs T(args...) in `context` and hands its destruction to the context. What the constructor throws is raised as an ereport
// and leaves nothing behind. Objects die in reverse order of construction, those of child contexts before their parents'.
template <class T, class... Args>
T *own(MemoryContext context, Args &&...args) {
	return own_from<T>(context, [&] { return T(std::forward<Args>(args)...); });
}

} // namespace alkconv::pg
