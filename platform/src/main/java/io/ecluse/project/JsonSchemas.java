package io.ecluse.project;

import io.ecluse.project.Shape.Field;
import io.ecluse.project.Shape.Rule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON Schemas (draft 2020-12) of the project's files, for editors. They say what a file may
 * look like; that its references lead somewhere, only reading the whole project can tell. Immutable
 * and thread-safe.
 */
public record JsonSchemas(Vocabulary vocabulary) {
  private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";

  /** Every schema by name: project, source, dag, model, audit, dashboard. */
  public Map<String, String> all() {
    Map<String, String> schemas = new LinkedHashMap<>();
    schemas.put("project", render("ecluse.yaml", Shapes.project(vocabulary)));
    schemas.put("source", render("sources/NAME.yaml", Shapes.source(vocabulary, Map.of())));
    schemas.put("dag", render("dags/ID.yaml", Shapes.dag(vocabulary)));
    schemas.put("model", render("The header of models/SCHEMA/NAME.sql", Shapes.model(vocabulary)));
    schemas.put("audit", render("The header of tests/NAME.sql", Shapes.AUDIT));
    schemas.put("dashboard", render("dashboards/ID.yaml", Shapes.DASHBOARD));
    return schemas;
  }

  private String render(String title, Shape shape) {
    ObjectNode schema = JsonMapper.shared().createObjectNode();
    schema.put("$schema", DIALECT).put("title", title);
    write(shape, schema);
    return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(schema) + "\n";
  }

  private static void write(Shape shape, ObjectNode schema) {
    if (shape instanceof Shape.Text text) {
      schema.put("type", "string");
      if (text.format() != Format.ANY) {
        schema.put("pattern", text.format().pattern());
      }
    } else if (shape instanceof Shape.Choice choice) {
      texts(schema.putArray("enum"), choice.words());
    } else if (shape instanceof Shape.Whole whole) {
      schema.put("type", "integer").put("minimum", whole.min()).put("maximum", whole.max());
    } else if (shape instanceof Shape.Decimal decimal) {
      schema.put("type", "number");
      decimal.min().ifPresent(min -> schema.put("minimum", min));
    } else if (shape instanceof Shape.Flag) {
      schema.put("type", "boolean");
    } else if (shape instanceof Shape.ListOf list) {
      schema.put("type", "array");
      if (list.size() == Shape.ListOf.Size.NOT_EMPTY) {
        schema.put("minItems", 1);
      }
      write(list.item(), schema.putObject("items"));
    } else if (shape instanceof Shape.Json) {
      texts(schema.putArray("type"), List.of("object", "array"));
    } else if (shape instanceof Shape.MapOf map) {
      texts(schema.putArray("type"), List.of("object", "null"));
      schema.putObject("propertyNames").put("pattern", map.keys().pattern());
      write(map.value(), schema.putObject("additionalProperties"));
    } else if (shape instanceof Shape.Variants variants) {
      schema.put("type", "object");
      ArrayNode shapes = schema.putArray("oneOf");
      variants.byWord().values().forEach(fields -> write(fields, shapes.addObject()));
    } else if (shape instanceof Shape.AnyOf any) {
      ArrayNode shapes = schema.putArray("anyOf");
      any.shapes().forEach(one -> write(one, shapes.addObject()));
    } else if (shape instanceof Shape.Fields fields) {
      writeFields(fields, schema);
    } else {
      throw new AssertionError("Unhandled " + shape);
    }
  }

  private static void writeFields(Shape.Fields shape, ObjectNode schema) {
    if (shape.mayBeEmpty()) {
      texts(schema.putArray("type"), List.of("object", "null"));
    } else {
      schema.put("type", "object");
    }
    ObjectNode properties = schema.putObject("properties");
    for (Field field : shape.fields()) {
      ObjectNode property = properties.putObject(field.name());
      property.put("description", field.doc());
      write(field.shape(), property);
    }
    List<String> required =
        shape.fields().stream().filter(Field::required).map(Field::name).toList();
    if (!required.isEmpty()) {
      texts(schema.putArray("required"), required);
    }
    schema.put("additionalProperties", false);
    if (!shape.rules().isEmpty()) {
      ArrayNode rules = schema.putArray("allOf");
      shape.rules().forEach(rule -> write(rule, rules));
    }
  }

  private static void write(Rule rule, ArrayNode rules) {
    if (rule instanceof Rule.RequiredWhen when) {
      ObjectNode schema = rules.addObject();
      ObjectNode condition = schema.putObject("if");
      texts(condition.putObject("properties").putObject(when.key()).putArray("enum"), when.words());
      texts(condition.putArray("required"), List.of(when.key()));
      texts(schema.putObject("then").putArray("required"), when.required());
    } else if (rule instanceof Rule.AtMostOne one) {
      for (int i = 0; i < one.keys().size(); i++) {
        for (int j = i + 1; j < one.keys().size(); j++) {
          List<String> pair = List.of(one.keys().get(i), one.keys().get(j));
          texts(rules.addObject().putObject("not").putArray("required"), pair);
        }
      }
    } else if (rule instanceof Rule.AtLeastOne one) {
      anyRequired(rules.addObject().putArray("anyOf"), one.keys());
    } else if (rule instanceof Rule.OnlyWith only) {
      ObjectNode needed = rules.addObject().putObject("dependentSchemas").putObject(only.key());
      anyRequired(needed.putArray("anyOf"), only.others());
    } else if (rule instanceof Rule.OnlyWhen only) {
      ObjectNode needed = rules.addObject().putObject("dependentSchemas").putObject(only.key());
      needed.putObject("properties").putObject(only.other()).put("const", only.word());
      texts(needed.putArray("required"), List.of(only.other()));
    } else {
      throw new AssertionError("Unhandled " + rule);
    }
  }

  private static void anyRequired(ArrayNode schemas, List<String> keys) {
    keys.forEach(key -> texts(schemas.addObject().putArray("required"), List.of(key)));
  }

  private static void texts(ArrayNode array, List<String> texts) {
    texts.forEach(array::add);
  }
}
