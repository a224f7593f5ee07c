// Regime: Postgres (may longjmp, never throws)
//
// The server's own functions for the parts, its arithmetic around them.
#include "pg/index_entry.hpp"

extern "C" {
#include "access/detoast.h"
#include "access/heaptoast.h"
#include "access/htup_details.h"
#include "access/itup.h"
#include "access/toast_internals.h"
#include "catalog/pg_type.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::pg {

namespace {

bool is_compressible(Form_pg_attribute attribute) {
	return attribute->attstorage == TYPSTORAGE_EXTENDED || attribute->attstorage == TYPSTORAGE_MAIN;
}

Datum as_in_entry(Form_pg_attribute attribute, Datum value) {
	if (attribute->attlen != -1)
		return value;
	if (VARATT_IS_EXTERNAL(DatumGetPointer(value)))
		value = PointerGetDatum(detoast_external_attr(reinterpret_cast<varlena *>(DatumGetPointer(value))));
	if (VARATT_IS_EXTENDED(DatumGetPointer(value)) || VARSIZE(DatumGetPointer(value)) <= TOAST_INDEX_TARGET ||
		!is_compressible(attribute))
		return value;
	const Datum compressed = toast_compress_datum(value, attribute->attcompression);
	return DatumGetPointer(compressed) == nullptr ? value : compressed;
}

} // namespace

Size entry_bytes(TupleDesc descriptor, const Datum *values, const bool *nulls) {
	const auto count = static_cast<Size>(descriptor->natts);
	auto *stored = static_cast<Datum *>(palloc0(sizeof(Datum) * count));
	bool has_nulls = false;
	for (Size i = 0; i < count; ++i) {
		has_nulls = has_nulls || nulls[i];
		if (!nulls[i])
			stored[i] = as_in_entry(TupleDescAttr(descriptor, static_cast<int>(i)), values[i]);
	}
	const Size header = MAXALIGN(sizeof(IndexTupleData) + (has_nulls ? sizeof(IndexAttributeBitMapData) : 0));
	return MAXALIGN(header + heap_compute_data_size(descriptor, stored, const_cast<bool *>(nulls)));
}

Size entry_bytes(HeapTuple row, TupleDesc descriptor, int skipped) {
	const int parts = descriptor->natts - skipped;
	const TupleDesc entry = CreateTemplateTupleDesc(parts);
	auto *values = static_cast<Datum *>(palloc(sizeof(Datum) * static_cast<Size>(parts)));
	auto *nulls = static_cast<bool *>(palloc(sizeof(bool) * static_cast<Size>(parts)));
	for (int i = 0; i < parts; ++i) {
		TupleDescCopyEntry(entry, static_cast<AttrNumber>(i + 1), descriptor, static_cast<AttrNumber>(skipped + i + 1));
		values[i] = heap_getattr(row, skipped + i + 1, descriptor, &nulls[i]);
	}
	return entry_bytes(entry, values, nulls);
}

Size add_least_bytes(Size bytes, Form_pg_attribute attribute, Datum datum) {
	constexpr Size kOutOfLine = TOAST_POINTER_SIZE;
	const char *value = DatumGetPointer(datum);
	if (attribute->attlen != -1) {
		bytes = att_align_nominal(bytes, attribute->attalign);
		return bytes + (attribute->attlen > 0 ? static_cast<Size>(attribute->attlen) : strlen(value) + 1);
	}
	// a short value has a header of one byte and no alignment; what is not longer than a pointer, aligned, stays
	Size size = VARSIZE_ANY(value);
	if (VARATT_IS_4B_U(value) && VARATT_CAN_MAKE_SHORT(value) && attribute->attstorage != TYPSTORAGE_PLAIN)
		size = VARATT_CONVERTED_SHORT_SIZE(value);
	const bool moves = attribute->attstorage != TYPSTORAGE_PLAIN && size > MAXALIGN(kOutOfLine);
	return bytes + (moves ? kOutOfLine : size);
}

Size least_row_bytes(TupleDesc descriptor, const Datum *values, const bool *nulls) {
	Size bytes = 0;
	bool has_nulls = false;
	for (int i = 0; i < descriptor->natts; ++i) {
		has_nulls = has_nulls || nulls[i];
		if (!nulls[i])
			bytes = add_least_bytes(bytes, TupleDescAttr(descriptor, i), values[i]);
	}
	return MAXALIGN(SizeofHeapTupleHeader + (has_nulls ? BITMAPLEN(descriptor->natts) : 0)) + bytes;
}

} // namespace alkconv::pg
