package io.ecluse.decode;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import javax.xml.stream.XMLEventFactory;
import javax.xml.stream.XMLEventReader;
import javax.xml.stream.XMLEventWriter;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.events.Attribute;
import javax.xml.stream.events.StartElement;
import javax.xml.stream.events.XMLEvent;

/**
 * Rewrites what the reader of workbooks does not know: dates that are written as ISO 8601 (cells of
 * the type d, ECMA-376, part 1, 18.18.11), which become texts with a mark before them, and the
 * names of Strict Open XML.
 */
final class SheetDates {
  /** Before a text that is a date in the workbook; of the characters that nobody may use. */
  static final char MARK = '\ufdd0';

  private static final String STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships";
  private static final String USUAL =
      "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  private static final XMLEventFactory EVENTS = XMLEventFactory.newInstance();

  private SheetDates() {}

  /** Copies a workbook, so that it can be read. */
  static void copy(Path workbook, Path to, Runnable check) throws IOException {
    try (ZipFile from = new ZipFile(workbook.toFile());
        ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(to))) {
      Enumeration<? extends ZipEntry> entries = from.entries();
      while (entries.hasMoreElements()) {
        ZipEntry entry = entries.nextElement();
        out.putNextEntry(new ZipEntry(entry.getName()));
        try (InputStream in = from.getInputStream(entry)) {
          if (entry.getName().startsWith("xl/worksheets/") && entry.getName().endsWith(".xml")) {
            sheet(in, out, check);
          } else if (entry.getName().matches("xl/workbook\\.xml|.*\\.rels")) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            out.write(text.replace(STRICT, USUAL).getBytes(StandardCharsets.UTF_8));
          } else {
            in.transferTo(out);
          }
        }
        out.closeEntry();
      }
    } catch (XMLStreamException e) {
      throw new IOException("a sheet is no XML", e); // the exception may quote it
    }
  }

  private static void sheet(InputStream in, OutputStream out, Runnable check)
      throws XMLStreamException {
    XMLInputFactory inputs = XMLInputFactory.newInstance();
    inputs.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    inputs.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    XMLEventReader events = inputs.createXMLEventReader(in);
    XMLEventWriter written = XMLOutputFactory.newInstance().createXMLEventWriter(out, "UTF-8");
    boolean dated = false;
    while (events.hasNext()) {
      XMLEvent event = events.nextEvent();
      if (isStart(event, "c")) {
        check.run();
        dated = isDated(event.asStartElement());
      }
      written.add(dated && isStart(event, "c") ? asText(event.asStartElement()) : event);
      if (dated && isStart(event, "v")) {
        written.add(EVENTS.createCharacters(String.valueOf(MARK)));
      }
    }
    written.flush();
  }

  private static boolean isStart(XMLEvent event, String name) {
    return event.isStartElement() && event.asStartElement().getName().getLocalPart().equals(name);
  }

  private static boolean isDated(StartElement cell) {
    return attributes(cell).stream()
        .anyMatch(a -> a.getName().getLocalPart().equals("t") && a.getValue().equals("d"));
  }

  private static List<Attribute> attributes(StartElement element) {
    List<Attribute> attributes = new ArrayList<>();
    element.getAttributes().forEachRemaining(attributes::add);
    return attributes;
  }

  private static StartElement asText(StartElement cell) {
    List<Attribute> attributes =
        attributes(cell).stream()
            .map(
                a ->
                    a.getName().getLocalPart().equals("t")
                        ? EVENTS.createAttribute(a.getName(), "str")
                        : a)
            .toList();
    return EVENTS.createStartElement(cell.getName(), attributes.iterator(), cell.getNamespaces());
  }

  /** Whether a workbook has what needs rewriting. */
  static boolean areIn(Path workbook) {
    try (ZipFile zip = new ZipFile(workbook.toFile())) {
      Enumeration<? extends ZipEntry> entries = zip.entries();
      while (entries.hasMoreElements()) {
        ZipEntry entry = entries.nextElement();
        if (entry.getName().matches("xl/(workbook|worksheets/[^/]*)\\.xml") && isOdd(zip, entry)) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      return false; // reading it says what is wrong
    }
  }

  private static boolean isOdd(ZipFile zip, ZipEntry entry) throws IOException {
    byte[] buffer = new byte[1 << 16];
    String tail = "";
    try (InputStream in = zip.getInputStream(entry)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        String text = tail + new String(buffer, 0, n, StandardCharsets.ISO_8859_1);
        if (text.contains(" t=\"d\"") || text.contains(" t='d'") || text.contains(STRICT)) {
          return true;
        }
        tail = text.substring(Math.max(0, text.length() - STRICT.length()));
      }
      return false;
    }
  }
}
