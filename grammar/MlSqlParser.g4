/*
 * The statements of MlSql, and the ML parts of the engine's statements.
 *
 * Tokens come from MlSql.Language/Tokens (a scanner by hand: dollar quotes and nested comments are beyond a lexer grammar, and statements without
 * ML must not pay for a parser). It also decides, by a few tokens of lookaround, what a word is: K_WORD is a word that may be a keyword here, M_… is
 * the first token of a part that we know. Because of that, every rule below is decided by one token, rarely two or three, and parsing is linear.
 *
 * The SQL of the engine is parsed as islands: brackets that match, select lists, FROM clauses, and any other token as it comes.
 */
parser grammar MlSqlParser;

tokens {
    WORD, QUOTED, TEXT, NUMBER, PARAMETER, SYMBOL,
    LPAREN, RPAREN, LBRACKET, RBRACKET, LBRACE, RBRACE, COMMA, DOT, STAR, EQUALS, ARROW, ASSIGN, AT, BANG, MINUS, PLUS,

    // First tokens of known parts.
    M_SCALAR, M_TABLE, M_TSQL, M_METHOD, M_MODEL_METHOD, M_QUERY_FROM, M_QUERY_WITH, M_SET, M_SET_WORD, M_ALIASED_MODEL, M_REFUSED, M_PIPE, M_STREAM,

    // Never a name unless quoted.
    K_SELECT, K_FROM, K_WHERE, K_GROUP, K_HAVING, K_QUALIFY, K_WINDOW, K_ORDER, K_LIMIT, K_OFFSET, K_UNION, K_INTERSECT, K_EXCEPT,
    K_AS, K_ON, K_USING, K_WITH, K_INTO, K_TO, K_IN, K_AND, K_OR, K_NOT, K_CASE, K_WHEN, K_CREATE, K_LIKE, K_BETWEEN, K_NULL, K_TRUE, K_FALSE, K_DISTINCT,

    // Names everywhere else.
    K_ADD, K_ALIAS, K_ALL, K_ALTER, K_ALWAYS, K_ALGORITHM, K_BALANCED, K_BUDGET, K_BY, K_CANCEL, K_CLASSES, K_COLUMN, K_COMMENT, K_CONNECTION, K_CONSTRAINT, K_DATA,
    K_DEFAULT, K_DEFAULT_VERSION, K_DEPLOY, K_DESC, K_DESCRIBE, K_DESCRIPTOR, K_DROP, K_EARLY, K_EMIT, K_EVAL, K_EVALUATE, K_EVERY, K_EXCLUDE, K_EXISTS,
    K_EXPERIMENT, K_EXPLAIN, K_EXPORT, K_EXTENDED, K_FEATURES, K_FILE, K_FINETUNE, K_FLAVOR, K_FOR, K_FORMAT, K_FUNCTIONS, K_GRANT, K_HORIZON, K_IF,
    K_IMPORT, K_INPUT, K_KEY, K_KFOLD, K_LABEL, K_MATERIALIZED, K_MAXIMIZE, K_METRICS, K_MINIMIZE, K_MODEL, K_MODELS, K_MODEL_TYPE, K_MONITOR, K_NEVER, K_NONE,
    K_OBJECTIVE, K_OF, K_OPTIONS, K_OUTPUT, K_PARALLEL, K_PARTITION, K_PREDICT, K_PREDICTIONS, K_PREDICTS, K_RANDOM, K_RECURSIVE, K_REFRESH, K_REMOTE,
    K_RENAME, K_REPLACE, K_RESET, K_RETRAIN, K_RETURNS, K_REVOKE, K_ROLLBACK, K_RUNTIME, K_SEARCH, K_SEED, K_SET, K_SHOW, K_SPLIT, K_START, K_STOP,
    K_STOPPING, K_STREAM, K_STREAMING, K_STREAMS, K_STRUCT, K_TABLE, K_TAG, K_TARGET, K_TEMP, K_TEMPORARY, K_TEST, K_TRAIN, K_TRAINING, K_TRAININGS, K_TRANSFORM, K_TRIALS,
    K_TUNE, K_UNSET, K_VERSION, K_VERSIONS, K_WARM, K_WEIGHT
}

// ---- statements ---------------------------------------------------------------------------------------------------

/* A statement of ours. Each ends at the end of input, so that a message can say all that might have followed. */
statement
    : train
    | createModel
    | refresh
    | predict
    | evaluate
    | explainModel
    | alterModel
    | dropModel
    | show
    | describe
    | importModel
    | exportModel
    | notCarriedOut
    ;

/* A statement of the engine with ML in it. */
queryStatement : text EOF ;

train : K_TRAIN K_MODEL? name trainClause* trainSource EOF ;
createModel : K_CREATE (K_OR K_REPLACE)? (K_TEMP | K_TEMPORARY)? K_MODEL (K_IF K_NOT K_EXISTS)? name trainClause* trainSource? EOF ;
trainSource : K_AS text ;

trainClause
    : K_USING (TEXT | estimator=name (LPAREN optionList RPAREN)?)                    # usingClause
    | (K_OPTIONS | K_WITH) LPAREN optionList RPAREN                                  # optionsClause
    | (K_LABEL | K_TARGET | K_PREDICTS) names                                        # labelClause
    | K_FEATURES LPAREN featureItem (COMMA featureItem)* COMMA? RPAREN               # featuresClause
    | K_WEIGHT K_BY expression                                                       # weightByClause
    | K_WEIGHT K_CLASSES (K_BALANCED | LPAREN classWeight (COMMA classWeight)* COMMA? RPAREN) # weightClassesClause
    | K_SPLIT splitBy splitPart*                                                     # splitClause
    | K_SEED number                                                                  # seedClause
    | K_EARLY K_STOPPING (LPAREN optionList RPAREN)?                                  # earlyStoppingClause
    | K_COMMENT TEXT                                                                 # commentClause
    | K_INPUT tensorInputs                                                           # inputClause
    | K_OUTPUT tensorOutputs                                                         # outputClause
    | unsupportedClause                                                              # otherClause
    ;

featureItem : STAR ((K_EXCEPT | K_EXCLUDE) LPAREN name (COMMA name)* COMMA? RPAREN)? | name ;
classWeight : literal ARROW number ;
splitBy : K_RANDOM | K_NONE | K_KFOLD number | K_COLUMN name | K_BY expression ;
splitPart : (K_EVAL | K_TEST) number ;

unsupportedClause
    : K_TRANSFORM group
    | K_PARTITION K_BY names
    | K_ORDER K_BY expression (COMMA expression)*
    | K_HORIZON number
    | K_BUDGET group
    | K_SEARCH group (K_TRIALS number | K_PARALLEL number | K_OBJECTIVE ident K_DESC? | K_BY ident)*
    | K_WARM K_START K_FROM modelRef
    | K_DEPLOY (K_ALWAYS | K_NEVER | K_WHEN expression)
    | K_EMIT K_VERSION (K_EVERY expression | K_WHEN expression)
    | K_REMOTE (K_WITH K_CONNECTION name)?
    | K_RETURNS expression
    | (K_FLAVOR | K_ALGORITHM | K_MODEL_TYPE) name
    | K_FORMAT ident
    | K_FROM (group | K_MODEL modelRef | name)
    ;

refresh : K_REFRESH K_MODEL name EOF ;

predict : K_PREDICT K_MODEL? modelRef K_ON source predictClause* EOF ;
predictClause : K_WITH LPAREN optionList RPAREN | K_INTO name ;

evaluate : K_EVALUATE K_MODEL? modelRef evaluateClause* EOF ;
evaluateClause
    : K_ON source
    | K_BY names
    | K_METRICS group
    | K_WITH LPAREN optionList RPAREN
    | K_INTO name
    ;

explainModel
    : K_EXPLAIN K_MODEL modelRef (K_ON source)? (K_WITH LPAREN optionList RPAREN)? EOF
    | K_EXPLAIN K_PREDICTIONS K_OF K_MODEL? modelRef K_ON source predictClause* EOF
    ;

alterModel : K_ALTER K_MODEL (K_IF K_EXISTS)? name alterAction EOF ;
alterAction
    : K_RENAME K_TO name                                                 # renameTo
    | K_SET K_DEFAULT K_VERSION versionWord                              # setDefault
    | K_SET K_DEFAULT_VERSION EQUALS versionWord                         # setDefault
    | K_SET K_ALIAS ident EQUALS K_VERSION? versionWord                  # setAlias
    | K_VERSION versionWord K_SET K_ALIAS EQUALS (ident | TEXT)          # setAliasOfVersion
    | K_UNSET K_ALIAS ident                                              # unsetAlias
    | K_ROLLBACK (K_TO K_VERSION versionWord)?                           # rollback
    | K_DROP K_VERSION versionWord                                       # dropVersion
    | K_COMMENT TEXT                                                     # comment
    | K_SET K_ALIAS ident EQUALS K_SPLIT group K_BY expression           # otherAction
    | K_VERSION versionWord K_UNSET K_ALIAS                              # otherAction
    | K_ADD K_VERSION ident? K_FROM (K_MODEL modelRef | TEXT)            # otherAction
    | (K_SET K_OPTIONS? | K_RESET) group                                 # otherAction
    | K_SET K_TAG ident EQUALS TEXT                                      # otherAction
    ;
versionWord : NUMBER | TEXT | ident ;

dropModel : K_DROP K_MODEL (K_IF K_EXISTS)? name EOF ;

show
    : K_SHOW K_MODELS ((K_IN | K_FROM) name)? (K_LIKE TEXT)? EOF         # showModels
    | K_SHOW K_VERSIONS (K_IN | K_OF | K_FROM) K_MODEL? name EOF         # showVersions
    | K_SHOW K_CREATE K_MODEL modelRef EOF                               # showCreate
    | K_SHOW K_FUNCTIONS K_IN K_MODEL name EOF                           # showOther
    | K_SHOW K_TRAIN modelRef EOF                                        # showOther
    | K_SHOW (K_TRAININGS | K_STREAMS) EOF                               # showOther
    | K_SHOW K_MODEL (K_ALL | modelRef) EOF                              # showOther
    ;

describe : (K_DESCRIBE | K_DESC) K_MODEL K_EXTENDED? modelRef EOF ;

importModel : K_IMPORT K_MODEL name K_FROM K_FILE? filePath importClause* EOF ;
importClause
    : K_FORMAT ident
    | K_INPUT tensorInputs
    | K_OUTPUT tensorOutputs
    | K_COMMENT TEXT
    ;
tensorInputs : LPAREN tensorInput (COMMA tensorInput)* COMMA? RPAREN ;
tensorInput : ident (K_FROM (featureName | LPAREN featureName (COMMA featureName)* COMMA? RPAREN))? tensorType? ;
featureName : ident ;
tensorOutputs : LPAREN tensorOutput (COMMA tensorOutput)* COMMA? RPAREN ;
tensorOutput : ident (K_AS featureName)? tensorType? ;
tensorType : ident (SYMBOL ident SYMBOL)? (LPAREN NUMBER (COMMA NUMBER)? RPAREN)? (LBRACKET NUMBER? RBRACKET)* ;

/* 'folder' || '/file': what variables of scripts leave. */
filePath : TEXT (SYMBOL TEXT)* ;

exportModel : K_EXPORT K_MODEL modelRef (K_TO K_FILE? filePath)? (K_FORMAT ident)? ((K_OPTIONS | K_WITH) LPAREN optionList RPAREN)? EOF ;

/* Statements that are understood and answered with "not carried out". */
notCarriedOut
    : K_TUNE K_MODEL? name trainClause* trainSource? EOF
    | K_CREATE K_STREAMING K_MODEL name trainClause* trainSource? EOF
    | K_CREATE K_EXPERIMENT name K_WITH group trainSource EOF
    | K_CREATE K_MODEL K_MONITOR ident K_ON modelRef (K_WITH group)? trainSource? EOF
    | (K_RETRAIN | K_FINETUNE) K_MODEL name trainClause* EOF
    | K_CANCEL K_TRAINING (TEXT | NUMBER | name) EOF
    | K_CREATE (K_OR K_REPLACE)? K_STREAM name K_FROM text EOF
    | K_START K_STREAM name text EOF
    | K_STOP K_STREAM name EOF
    | (K_GRANT | K_REVOKE) names K_ON K_MODEL name (K_TO | K_FROM) ident EOF
    ;

/* What follows the query in SQLFlow's statements; the query itself is cut off before. */
suffix
    : K_TO K_TRAIN estimator=name (K_WITH suffixOption (COMMA suffixOption)*)? suffixColumns*
      (K_LABEL (ident | TEXT))? (K_USING name)? K_INTO target=name EOF                                    # toTrain
    | K_TO K_PREDICT target=name (K_WITH suffixOption (COMMA suffixOption)*)? K_USING model=name EOF         # toPredict
    | K_TO K_EVALUATE model=name (K_WITH suffixOption (COMMA suffixOption)*)? (K_LABEL (ident | TEXT))? K_INTO target=name EOF # toEvaluate
    | K_TO (K_EXPLAIN | K_MAXIMIZE | K_MINIMIZE) text EOF                                                 # toOther
    ;
suffixOption : optionKey EQUALS suffixPart+ ;
suffixColumns : K_COLUMN suffixPart+ (COMMA suffixPart+)* (K_FOR ident)? ;

// ---- small parts --------------------------------------------------------------------------------------------------

name : ident (DOT ident)* ;
names : name (COMMA name)* | LPAREN name (COMMA name)* RPAREN ;
modelRef : name (K_VERSION versionWord | AT (ident | NUMBER))? ;

/* A text that names a model and nothing else. */
modelReference : modelRef EOF ;

number : (MINUS | PLUS)? NUMBER ;
literal : number | TEXT | K_NULL | K_TRUE | K_FALSE | ident ;
source : LPAREN text RPAREN | TEXT | name group? ;

optionList : (option (COMMA option)* COMMA?)? ;
option : optionKey (EQUALS | ARROW)? optionValue ;
optionKey : ident (DOT ident)* | TEXT ;
optionValue : optionStart optionPart* ;

ident
    : ~( TEXT | NUMBER | PARAMETER | SYMBOL | LPAREN | RPAREN | LBRACKET | RBRACKET | LBRACE | RBRACE | COMMA | DOT | STAR | EQUALS | ARROW | ASSIGN | AT | BANG | MINUS | PLUS
       | M_SCALAR | M_TABLE | M_TSQL | M_METHOD | M_MODEL_METHOD | M_QUERY_FROM | M_QUERY_WITH | M_SET | M_SET_WORD | M_ALIASED_MODEL | M_REFUSED | M_PIPE | M_STREAM
       | K_SELECT | K_FROM | K_WHERE | K_GROUP | K_HAVING | K_QUALIFY | K_WINDOW | K_ORDER | K_LIMIT | K_OFFSET | K_UNION | K_INTERSECT | K_EXCEPT
       | K_AS | K_ON | K_USING | K_WITH | K_INTO | K_TO | K_IN | K_AND | K_OR | K_NOT | K_CASE | K_WHEN | K_CREATE | K_LIKE | K_BETWEEN | K_NULL | K_TRUE | K_FALSE | K_DISTINCT )
    ;

// ---- islands in the engine's SQL ------------------------------------------------------------------------------------

/* A query ends its text: whatever follows it up to the closing bracket belongs to its last block. */
text : textPart* query? ;

query : (withClause block | openingBlock) (setOperator block)* ;
withClause : M_QUERY_WITH K_RECURSIVE? commonTable (COMMA commonTable)* ;
commonTable : ident group? (K_USING K_KEY group)? K_AS (K_NOT? K_MATERIALIZED)? (LPAREN text RPAREN | M_ALIASED_MODEL aliasedModel) ;
aliasedModel : name (K_VERSION versionWord | AT ident)? ;
setOperator : M_SET M_SET_WORD* ;

openingBlock : (selectClause | leadingFrom) clause* ;
block : (blockStart blockPart*)? clause* ;
clause : selectClause | fromClause | tailClause ;
selectClause : K_SELECT (K_DISTINCT (K_ON group)? | K_ALL)? (selectItem (COMMA selectItem)* COMMA?)? ;
selectItem : itemPart+ ;
leadingFrom : M_QUERY_FROM blockPart* ;
fromClause : (K_FROM | M_QUERY_FROM) blockPart* ;
tailClause : (K_WHERE | K_GROUP | K_HAVING | K_QUALIFY | K_WINDOW | K_ORDER | K_LIMIT | K_OFFSET) blockPart* ;

group : LPAREN text RPAREN | LBRACKET text RBRACKET | LBRACE text RBRACE ;

known : scalarPredict | tableCall | tsqlPredict | refused | group ;

textPart
    : known
    | ~( LPAREN | RPAREN | LBRACKET | RBRACKET | LBRACE | RBRACE
       | M_SCALAR | M_TABLE | M_TSQL | M_METHOD | M_MODEL_METHOD | M_ALIASED_MODEL | M_REFUSED | M_PIPE | M_STREAM | M_QUERY_FROM | M_QUERY_WITH | K_SELECT )
    ;

blockPart
    : known
    | ~( LPAREN | RPAREN | LBRACKET | RBRACKET | LBRACE | RBRACE
       | M_SCALAR | M_TABLE | M_TSQL | M_METHOD | M_MODEL_METHOD | M_ALIASED_MODEL | M_REFUSED | M_PIPE | M_STREAM | M_QUERY_FROM | M_QUERY_WITH | K_SELECT
       | K_FROM | K_WHERE | K_GROUP | K_HAVING | K_QUALIFY | K_WINDOW | K_ORDER | K_LIMIT | K_OFFSET | M_SET | M_SET_WORD )
    ;

blockStart
    : known
    | ~( LPAREN | RPAREN | LBRACKET | RBRACKET | LBRACE | RBRACE
       | M_SCALAR | M_TABLE | M_TSQL | M_METHOD | M_MODEL_METHOD | M_ALIASED_MODEL | M_REFUSED | M_PIPE | M_STREAM | M_QUERY_FROM | M_QUERY_WITH | K_SELECT
       | K_FROM | K_WHERE | K_GROUP | K_HAVING | K_QUALIFY | K_WINDOW | K_ORDER | K_LIMIT | K_OFFSET | M_SET | M_SET_WORD | COMMA )
    ;

itemPart
    : known
    | ~( LPAREN | RPAREN | LBRACKET | RBRACKET | LBRACE | RBRACE
       | M_SCALAR | M_TABLE | M_TSQL | M_METHOD | M_MODEL_METHOD | M_ALIASED_MODEL | M_REFUSED | M_PIPE | M_STREAM | M_QUERY_FROM | M_QUERY_WITH | K_SELECT
       | K_FROM | K_WHERE | K_GROUP | K_HAVING | K_QUALIFY | K_WINDOW | K_ORDER | K_LIMIT | K_OFFSET | M_SET | M_SET_WORD | COMMA )
    ;

/* An argument, an option's value: up to the next comma. */
optionPart
    : known
    | ~( LPAREN | RPAREN | LBRACKET | RBRACKET | LBRACE | RBRACE
       | M_SCALAR | M_TABLE | M_TSQL | M_METHOD | M_MODEL_METHOD | M_ALIASED_MODEL | M_REFUSED | M_PIPE | M_STREAM | M_QUERY_FROM | M_QUERY_WITH | K_SELECT
       | COMMA )
    ;

optionStart
    : known
    | ~( LPAREN | RPAREN | LBRACKET | RBRACKET | LBRACE | RBRACE
       | M_SCALAR | M_TABLE | M_TSQL | M_METHOD | M_MODEL_METHOD | M_ALIASED_MODEL | M_REFUSED | M_PIPE | M_STREAM | M_QUERY_FROM | M_QUERY_WITH | K_SELECT
       | COMMA | EQUALS | ARROW | DOT )
    ;

argumentPart
    : known
    | ~( LPAREN | RPAREN | LBRACKET | RBRACKET | LBRACE | RBRACE
       | M_SCALAR | M_TABLE | M_TSQL | M_METHOD | M_MODEL_METHOD | M_ALIASED_MODEL | M_REFUSED | M_PIPE | M_STREAM | M_QUERY_FROM | M_QUERY_WITH | K_SELECT
       | COMMA | K_AS | K_USING | K_WITH )
    ;

structPart
    : known
    | ~( LPAREN | RPAREN | LBRACKET | RBRACKET | LBRACE | RBRACE
       | M_SCALAR | M_TABLE | M_TSQL | M_METHOD | M_MODEL_METHOD | M_ALIASED_MODEL | M_REFUSED | M_PIPE | M_STREAM | M_QUERY_FROM | M_QUERY_WITH | K_SELECT
       | COMMA | K_AS )
    ;

suffixPart
    : known
    | ~( LPAREN | RPAREN | LBRACKET | RBRACKET | LBRACE | RBRACE
       | M_SCALAR | M_TABLE | M_TSQL | M_METHOD | M_MODEL_METHOD | M_ALIASED_MODEL | M_REFUSED | M_PIPE | M_STREAM | M_QUERY_FROM | M_QUERY_WITH | K_SELECT
       | COMMA | K_COLUMN | K_LABEL | K_USING | K_INTO | K_FOR )
    ;

/* An expression that stands between clauses: it goes on until a word that begins a clause. After an operator any word is an operand. */
expression : expressionStart expressionPart* ;
expressionStart
    : known
    | ~( LPAREN | RPAREN | LBRACKET | RBRACKET | LBRACE | RBRACE
       | M_SCALAR | M_TABLE | M_TSQL | M_METHOD | M_MODEL_METHOD | M_ALIASED_MODEL | M_REFUSED | M_PIPE | M_STREAM | M_QUERY_FROM | M_QUERY_WITH | K_SELECT
       | COMMA | K_AS )
    ;

expressionPart
    : (SYMBOL | STAR | EQUALS | MINUS | PLUS | DOT | K_AND | K_OR | K_NOT) expressionStart
    | known
    | ~( LPAREN | RPAREN | LBRACKET | RBRACKET | LBRACE | RBRACE
       | M_SCALAR | M_TABLE | M_TSQL | M_METHOD | M_MODEL_METHOD | M_ALIASED_MODEL | M_REFUSED | M_PIPE | M_STREAM | M_QUERY_FROM | M_QUERY_WITH | K_SELECT
       | COMMA | K_AS | SYMBOL | STAR | EQUALS | MINUS | PLUS | DOT | K_AND | K_OR | K_NOT
       | K_USING | K_OPTIONS | K_WITH | K_LABEL | K_TARGET | K_PREDICTS | K_FEATURES | K_WEIGHT | K_SPLIT | K_SEED | K_COMMENT | K_TRANSFORM | K_INPUT | K_OUTPUT | K_PARTITION | K_ORDER
       | K_EARLY | K_HORIZON | K_BUDGET | K_SEARCH | K_WARM | K_DEPLOY | K_EMIT | K_REMOTE | K_RETURNS | K_FLAVOR | K_ALGORITHM | K_MODEL_TYPE | K_FORMAT | K_FROM | K_EVAL | K_TEST )
    ;

scalarPredict
    : M_SCALAR LPAREN K_MODEL? modelRef (COMMA argument)* (K_USING (STAR | argument (COMMA argument)*))? (K_WITH LPAREN optionList RPAREN)? RPAREN  # callPredict
    | M_METHOD (DOT ident)* BANG ident LPAREN (argument (COMMA argument)*)? RPAREN                                                                  # methodPredict
    | M_MODEL_METHOD LPAREN modelRef (COMMA versionWord)? RPAREN BANG ident LPAREN (argument (COMMA argument)*)? RPAREN                             # modelMethodPredict
    ;
argument : (ident ARROW)? argumentPart+ (K_AS ident)? ;

tableCall : M_TABLE (DOT ident)? LPAREN (tableArgument (COMMA tableArgument)* (COMMA query)?)? RPAREN ;
tableArgument
    : (ident (ARROW | ASSIGN))?
      ( K_MODEL modelRef
      | K_TABLE name
      | K_DESCRIPTOR LPAREN name (COMMA name)* RPAREN
      | K_STRUCT LPAREN (structItem (COMMA structItem)* COMMA?)? RPAREN
      | optionPart+
      )
    ;
structItem : structPart+ K_AS ident ;

tsqlPredict
    : M_TSQL LPAREN K_MODEL EQUALS (TEXT | PARAMETER | modelRef) COMMA K_DATA EQUALS source (K_AS? ident)? (COMMA K_RUNTIME EQUALS ident)? RPAREN
      (K_WITH LPAREN declaredColumn (COMMA declaredColumn)* RPAREN)?
    ;
declaredColumn : ident optionPart+ ;

/* Forms that are understood and answered with "not carried out". */
refused : M_REFUSED (DOT ident)? group | M_STREAM group? | M_PIPE ;
