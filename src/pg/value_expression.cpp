// Regime: Postgres (may longjmp, never throws)
//
// Parsed as PL/pgSQL parses its expressions, transformed as ALTER TABLE transforms USING.
#include "pg/value_expression.hpp"

extern "C" {
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/optimizer.h"
#include "parser/parse_coerce.h"
#include "parser/parse_collate.h"
#include "parser/parse_expr.h"
#include "parser/parser.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::pg {

struct ValueExpression {
	ExprState *state;
	ExprContext *context;
	ParamListInfo parameters; // one: `value`
	Oid caller;
};

namespace {

Node *value_reference(ParseState *, ColumnRef *reference) {
	const auto *name = static_cast<const Node *>(linitial(reference->fields));
	if (list_length(reference->fields) != 1 || !IsA(name, String) || strcmp(strVal(name), "value") != 0)
		return nullptr;
	Param *parameter = makeNode(Param);
	parameter->paramkind = PARAM_EXTERN;
	parameter->paramid = 1;
	parameter->paramtype = TEXTOID;
	parameter->paramtypmod = -1;
	parameter->paramcollid = get_typcollation(TEXTOID);
	parameter->location = reference->location;
	return reinterpret_cast<Node *>(parameter);
}

[[noreturn]] void refuse(const char *text) {
	ereport(ERROR, (errcode(ERRCODE_SYNTAX_ERROR), errmsg("\"%s\" is not one SQL expression", text),
					errhint("Write an expression over value, the source's value as text, for instance "
							"nullif(value, 'none').")));
}

// The one expression of the text, nothing else: no FROM, no second column, no name.
Node *only_expression(const char *text) {
	const List *statements = raw_parser(text, RAW_PARSE_PLPGSQL_EXPR);
	const auto *select = castNode(SelectStmt, linitial_node(RawStmt, statements)->stmt);
	const bool bare = select->distinctClause == NIL && select->fromClause == NIL && select->whereClause == nullptr &&
					  select->groupClause == NIL && select->havingClause == nullptr && select->windowClause == NIL &&
					  select->sortClause == NIL && select->limitOffset == nullptr && select->limitCount == nullptr &&
					  select->lockingClause == NIL && select->op == SETOP_NONE;
	if (!bare || list_length(select->targetList) != 1)
		refuse(text);
	const auto *target = linitial_node(ResTarget, select->targetList);
	if (target->name != nullptr ||
		(IsA(target->val, ColumnRef) && IsA(llast(castNode(ColumnRef, target->val)->fields), A_Star)))
		refuse(text);
	return target->val;
}

Node *transform(ParseState *parse, const char *text) {
	parse->p_sourcetext = text;
	parse->p_pre_columnref_hook = value_reference;
	return transformExpr(parse, only_expression(text), EXPR_KIND_ALTER_COL_TRANSFORM);
}

Expr *planned(ParseState *parse, Node *expression, const char *text) {
	assign_expr_collations(parse, expression);
	Expr *plan = expression_planner(reinterpret_cast<Expr *>(expression));
	if (contain_volatile_functions(reinterpret_cast<Node *>(plan)))
		ereport(ERROR, (errcode(ERRCODE_INVALID_OBJECT_DEFINITION), errmsg("expression \"%s\" is volatile", text),
						errhint("It is computed a second time to prove what was stored, so it has to give the same "
								"result for the same value.")));
	return plan;
}

} // namespace

void check_value_expression(const char *text) {
	ParseState *parse = make_parsestate(nullptr);
	(void) planned(parse, transform(parse, text), text);
	free_parsestate(parse);
}

ValueExpression *prepare_value_expression(MemoryContext context, const char *text, Oid type, int32 typmod, Oid caller) {
	const MemoryContext former = MemoryContextSwitchTo(context);
	ParseState *parse = make_parsestate(nullptr);
	Node *raw = transform(parse, text);
	Node *coerced =
		coerce_to_target_type(parse, raw, exprType(raw), type, typmod, COERCION_ASSIGNMENT, COERCE_IMPLICIT_CAST, -1);
	if (coerced == nullptr)
		ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
						errmsg("expression \"%s\" gives type %s, the target column has type %s", text,
							   format_type_be(exprType(raw)), format_type_with_typemod(type, typmod)),
						errhint("Cast its result in the rule: (...)::%s.", format_type_be(type))));
	Expr *plan = planned(parse, coerced, text);

	auto *expression = static_cast<ValueExpression *>(palloc0(sizeof(ValueExpression)));
	expression->caller = caller;
	expression->parameters = makeParamList(1);
	expression->parameters->params[0].pflags = PARAM_FLAG_CONST;
	expression->parameters->params[0].ptype = TEXTOID;
	Oid user;
	int security;
	GetUserIdAndSecContext(&user, &security);
	SetUserIdAndSecContext(caller, security); // who may execute its functions is examined here
	expression->state = ExecInitExprWithParams(plan, expression->parameters);
	SetUserIdAndSecContext(user, security);
	expression->context = CreateStandaloneExprContext();
	expression->context->ecxt_param_list_info = expression->parameters;
	free_parsestate(parse);
	MemoryContextSwitchTo(former);
	return expression;
}

bool evaluate_value_expression(ValueExpression *expression, const char *value, size_t size, Datum *result) {
	ParamExternData *parameter = &expression->parameters->params[0];
	parameter->isnull = value == nullptr;
	parameter->value =
		value == nullptr ? Datum{0} : PointerGetDatum(cstring_to_text_with_len(value, static_cast<int>(size)));
	Oid user;
	int security;
	bool null;
	GetUserIdAndSecContext(&user, &security);
	SetUserIdAndSecContext(expression->caller, security); // restricted as before; an ERROR's abort puts the user back
	*result = ExecEvalExpr(expression->state, expression->context, &null);
	SetUserIdAndSecContext(user, security);
	return null;
}

} // namespace alkconv::pg
