// Regime: Postgres (may longjmp, never throws)
//
// The last include of every file of the Postgres regime: from here on the compiler refuses what must not stand in a frame that
// ereport may jump over. Names inside templates and macros defined before are not affected.
#pragma once
#undef PG_TRY
#undef PG_CATCH
#undef PG_FINALLY
#undef PG_END_TRY
#undef sigsetjmp
#undef siglongjmp
#undef setjmp
#pragma GCC poison throw try catch PG_TRY PG_CATCH PG_FINALLY PG_END_TRY sigsetjmp siglongjmp setjmp longjmp
#pragma GCC poison unique_ptr shared_ptr lock_guard unique_lock scoped_lock make_unique make_shared
