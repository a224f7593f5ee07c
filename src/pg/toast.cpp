// Regime: Postgres (may longjmp, never throws)
//
// The server's rules of compression, as far as they are known before a row is formed (heap_toast_insert_or_update, heaptoast.c, 17).
#include "pg/toast.hpp"

#include "pg/boundary.hpp"

extern "C" {
#include "access/heaptoast.h"
#include "access/htup_details.h"
#include "access/toast_compression.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::pg {

namespace {

// The longest payload with which a row may still be short enough to be stored uncompressed: rows are looked at from TOAST_TUPLE_THRESHOLD on,
// and their values compressed until the row's target is reached. Every longer value would be compressed, whatever else is in its row.
uint64 longest_plain_payload(Relation table) {
	const Size row =
		Max(TOAST_TUPLE_THRESHOLD, static_cast<Size>(RelationGetToastTupleTarget(table, TOAST_TUPLE_TARGET)));
	return row - MAXALIGN(SizeofHeapTupleHeader) - VARHDRSZ;
}

bool server_has_lz4() {
#ifdef USE_LZ4
	return true;
#else
	return false;
#endif
}

bool compressed_by_lz4(const FormData_pg_attribute *attribute) {
	if (attribute->attlen != -1 ||
		(attribute->attstorage != TYPSTORAGE_EXTENDED && attribute->attstorage != TYPSTORAGE_MAIN))
		return false;
	return !CompressionMethodIsValid(attribute->attcompression) || attribute->attcompression == TOAST_LZ4_COMPRESSION;
}

} // namespace

void choose_compression(Relation target, const core::TablePlan *plan, std::vector<uint64_t> *compress_above) {
	const size_t columns = plan->columns.size();
	edge([=] { compress_above->assign(columns, UINT64_MAX); });
	if (!server_has_lz4())
		return;
	const uint64 longest = longest_plain_payload(target);
	for (size_t i = 0; i < columns; ++i)
		if (plan->columns[i].policy.expression.empty() && // what it gives is not known yet
			compressed_by_lz4(TupleDescAttr(RelationGetDescr(target), plan->columns[i].attnum - 1)))
			(*compress_above)[i] = longest;
}

} // namespace alkconv::pg
