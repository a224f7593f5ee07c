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

// Constructs T(args...) in `context` and hands its destruction to the context. What the constructor throws is raised as an ereport
// and leaves nothing behind. Objects die in reverse order of construction, those of child contexts before their parents'.
template <class T, class... Args>
T *own(MemoryContext context, Args &&...args) {
	static_assert(alignof(T) <= MAXIMUM_ALIGNOF);
	static_assert(std::is_nothrow_destructible_v<T>);
	// may ereport: nothing is constructed yet
	auto *cell = static_cast<detail::OwnedCell<T> *>(MemoryContextAlloc(context, sizeof(detail::OwnedCell<T>)));
	edge([&] { new (cell->object) T(std::forward<Args>(args)...); });
	T *object = std::launder(reinterpret_cast<T *>(cell->object));
	cell->callback.func = [](void *argument) { static_cast<T *>(argument)->~T(); };
	cell->callback.arg = object;
	MemoryContextRegisterResetCallback(context, &cell->callback); // never fails: it links a struct we allocated
	return object;
}

} // namespace alkconv::pg
