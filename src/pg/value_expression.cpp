// Regime: Postgres (may longjmp, never throws)
//
// Parsed as PL/pgSQL parses its expressions, transformed as ALTER TABLE transforms USING.
#include "pg/value_expression.hpp"

#include "pg/compat.hpp"
#include "pg/datum.hpp"
#include "pg/owner.hpp"

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
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::pg {

namespace {

// An expression over one parameter.
struct Step {
	ExprState *state;
	ExprContext *context;
	ParamListInfo parameters;
};

} // namespace

struct ValueExpression {
	Oid author;
	Step computation; // from `value` to a result of the expression's own type; as the author
	Step *
		conversion; // from that to the column's type below domains, between types of the server's own; null: none is needed
	FmgrInfo *output; // writes the result for the input function of a type that is not; else null
};

namespace {

Node *the_parameter(Oid type, int location) {
	Param *parameter = makeNode(Param);
	parameter->paramkind = PARAM_EXTERN;
	parameter->paramid = 1;
	parameter->paramtype = type;
	parameter->paramtypmod = -1;
	parameter->paramcollid = get_typcollation(type);
	parameter->location = location;
	return reinterpret_cast<Node *>(parameter);
}

Node *value_reference(ParseState *, ColumnRef *reference) {
	const auto *name = static_cast<const Node *>(linitial(reference->fields));
	if (list_length(reference->fields) != 1 || !IsA(name, String) || strcmp(strVal(name), "value") != 0)
		return nullptr;
	return the_parameter(TEXTOID, reference->location);
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

// A bare literal is text.
Node *transform(ParseState *parse, const char *text) {
	parse->p_sourcetext = text;
	parse->p_pre_columnref_hook = value_reference;
	Node *expression = transformExpr(parse, only_expression(text), EXPR_KIND_ALTER_COL_TRANSFORM);
	return exprType(expression) != UNKNOWNOID ? expression
											  : coerce_to_target_type(parse, expression, UNKNOWNOID, TEXTOID, -1,
																	  COERCION_IMPLICIT, COERCE_IMPLICIT_CAST, -1);
}

// Constant parts are computed here.
Expr *planned(ParseState *parse, Node *expression) {
	assign_expr_collations(parse, expression);
	return expression_planner(reinterpret_cast<Expr *>(expression));
}

Expr *planned_expression(ParseState *parse, Node *expression, const char *text) {
	Expr *plan = planned(parse, expression);
	if (contain_volatile_functions(reinterpret_cast<Node *>(plan)))
		ereport(ERROR, (errcode(ERRCODE_INVALID_OBJECT_DEFINITION), errmsg("expression \"%s\" is volatile", text),
						errhint("It is computed a second time to prove what was stored, so it has to give the same "
								"result for the same value.")));
	return plan;
}

// Who may execute the plan's functions is examined here.
void prepare_step(Step *step, Expr *plan, Oid parameter_type) {
	step->parameters = makeParamList(1);
	step->parameters->params[0].pflags = PARAM_FLAG_CONST;
	step->parameters->params[0].ptype = parameter_type;
	step->state = ExecInitExprWithParams(plan, step->parameters);
	step->context = CreateStandaloneExprContext();
	step->context->ecxt_param_list_info = step->parameters;
}

Datum run_step(const Step *step, Datum value, bool *null) {
	step->parameters->params[0].value = value;
	step->parameters->params[0].isnull = *null;
	return ExecEvalExpr(step->state, step->context, null);
}

// From the expression's own type to the column's, as an assignment would, by a cast of the server's own.
Step *prepare_conversion(const char *text, Oid from, Oid to, int32 typmod) {
	ParseState *parse = make_parsestate(nullptr);
	auto *step = static_cast<Step *>(palloc0(sizeof(Step)));
	Node *parameter = the_parameter(from, -1);
	Node *coerced =
		coerce_to_target_type(parse, parameter, from, to, typmod, COERCION_ASSIGNMENT, COERCE_IMPLICIT_CAST, -1);
	if (coerced == nullptr)
		ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
						errmsg("expression \"%s\" gives type %s, the target column has type %s", text,
							   format_type_be(from), format_type_with_typemod(to, typmod)),
						errhint("Cast its result in the rule: (...)::%s.", format_type_be(to))));
	prepare_step(step, planned(parse, coerced), from);
	free_parsestate(parse);
	return step;
}

// Constraints of a domain and casts that somebody has defined are code of the target or of a stranger: a type that is not the server's own
// gets the text of the result, by its input function.
FmgrInfo *prepare_output(Oid type) {
	auto *output = static_cast<FmgrInfo *>(palloc0(sizeof(FmgrInfo)));
	Oid function;
	bool varlena;
	getTypeOutputInfo(type, &function, &varlena);
	fmgr_info_cxt(function, output, CurrentMemoryContext);
	return output;
}

} // namespace

void check_expression_syntax(const char *text) { (void) only_expression(text); }

void check_value_expression(const char *text, Oid author) {
	ParseState *parse = make_parsestate(nullptr);
	OwnerSwitch saved;
	become_author(&saved, author);
	(void) planned_expression(parse, transform(parse, text), text);
	resume_user(&saved);
	free_parsestate(parse);
}

ValueExpression *prepare_value_expression(MemoryContext context, const char *text, Oid type, int32 typmod, Oid author) {
	const MemoryContext former = MemoryContextSwitchTo(context);
	auto *expression = static_cast<ValueExpression *>(palloc0(sizeof(ValueExpression)));
	expression->author = author;
	ParseState *parse = make_parsestate(nullptr);
	OwnerSwitch saved;
	become_author(&saved, author);
	Node *raw = transform(parse, text);
	const Oid result = exprType(raw);
	prepare_step(&expression->computation, planned_expression(parse, raw, text), TEXTOID);
	resume_user(&saved);
	free_parsestate(parse);
	const Oid stored = getBaseTypeAndTypmod(type, &typmod);
	if (result == stored && typmod < 0)
		; // nothing to convert
	else if (is_built_in(stored) && is_built_in(result))
		expression->conversion = prepare_conversion(text, result, stored, typmod);
	else
		expression->output = prepare_output(result);
	MemoryContextSwitchTo(former);
	return expression;
}

bool evaluate_value_expression(ValueExpression *expression, const char *value, size_t size, Datum *result) {
	bool null = value == nullptr;
	const Datum text = null ? Datum{0} : PointerGetDatum(cstring_to_text_with_len(value, static_cast<int>(size)));
	Oid user;
	int security;
	GetUserIdAndSecContext(&user, &security);
	// an ERROR's abort puts the user back; search_path is pinned already, and what the author's code sets ends with it
	SetUserIdAndSecContext(expression->author, security | SECURITY_RESTRICTED_OPERATION);
	const int nest_level = NewGUCNestLevel();
	*result = run_step(&expression->computation, text, &null);
	AtEOXact_GUC(false, nest_level);
	SetUserIdAndSecContext(user, security);
	if (expression->conversion != nullptr)
		*result = run_step(expression->conversion, *result, &null);
	else if (expression->output != nullptr && !null)
		*result = CStringGetDatum(OutputFunctionCall(expression->output, *result));
	return null;
}

bool gives_text(const ValueExpression *expression) { return expression->output != nullptr; }

} // namespace alkconv::pg
